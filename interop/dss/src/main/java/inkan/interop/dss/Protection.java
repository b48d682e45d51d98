package inkan.interop.dss;

import com.fasterxml.jackson.annotation.JsonInclude;
import eu.europa.esig.dss.diagnostic.PDFRevisionWrapper;
import eu.europa.esig.dss.diagnostic.jaxb.XmlPDFLockDictionary;

import java.util.List;

/**
 * What DSS reads of certification and locks, and how many changes of each class it sees in later revisions.
 *
 * @param docMDP    permission of a DocMDP transform; 0 where there is none
 * @param fieldMDP  what the FieldMDP transform locks
 * @param fieldLock what the Lock dictionary of the field locks
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Protection(int docMDP, Lock fieldMDP, Lock fieldLock, int extensions, int forms, int annotations, int undefined,
        List<String> modifiedFields) {

    /** Locked fields; permission is 0 where none is named. */
    record Lock(String action, List<String> fields, int permission) {

        static Lock of(XmlPDFLockDictionary d) {
            if (d == null) {
                return null;
            }
            return new Lock(d.getAction() == null ? null : d.getAction().getName(), d.getFields(),
                    d.getPermissions() == null ? 0 : d.getPermissions().getCode());
        }
    }

    static Protection of(PDFRevisionWrapper r) {
        if (r == null) {
            return null;
        }
        return new Protection(r.getDocMDPPermissions() == null ? 0 : r.getDocMDPPermissions().getCode(),
                Lock.of(r.getFieldMDP()), Lock.of(r.getSigFieldLock()), r.getPdfExtensionChanges().size(),
                r.getPdfSignatureOrFormFillChanges().size(), r.getPdfAnnotationChanges().size(),
                r.getPdfUndefinedChanges().size(), r.getModifiedFieldNames());
    }
}
