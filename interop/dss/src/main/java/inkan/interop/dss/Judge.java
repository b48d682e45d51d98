package inkan.interop.dss;

import eu.europa.esig.dss.detailedreport.DetailedReport;
import eu.europa.esig.dss.detailedreport.jaxb.XmlBasicBuildingBlocks;
import eu.europa.esig.dss.detailedreport.jaxb.XmlConclusion;
import eu.europa.esig.dss.diagnostic.SignatureWrapper;
import eu.europa.esig.dss.diagnostic.TimestampWrapper;
import eu.europa.esig.dss.diagnostic.jaxb.XmlSignatureScope;
import eu.europa.esig.dss.jaxb.object.Message;
import eu.europa.esig.dss.model.FileDocument;
import eu.europa.esig.dss.pades.validation.PDFDocumentValidator;
import eu.europa.esig.dss.simplereport.SimpleReport;
import eu.europa.esig.dss.validation.reports.Reports;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.stream.Collectors;

/** Validates a PDF under the default policy of DSS. */
final class Judge {

    private Judge() {
    }

    static Reports reports(Task task) throws IOException {
        PDFDocumentValidator validator = new PDFDocumentValidator(new FileDocument(task.file()));
        validator.setCertificateVerifier(Trust.verifier(task));
        if (task.password() != null) {
            validator.setPasswordProtection(task.password().toCharArray());
        }
        if (task.at() != null) {
            validator.setValidationTime(Date.from(Instant.parse(task.at())));
        }
        return validator.validateDocument();
    }

    static Answer judge(Task task) throws IOException {
        Reports reports = reports(task);
        List<Answer.Signature> signatures = new ArrayList<>();
        for (SignatureWrapper s : reports.getDiagnosticData().getSignatures()) {
            signatures.add(signature(reports, s));
        }
        List<Answer.Timestamp> timestamps = new ArrayList<>();
        for (TimestampWrapper t : reports.getDiagnosticData().getTimestampList()) {
            timestamps.add(timestamp(reports, t));
        }
        return new Answer(task.file(), null, signatures, timestamps);
    }

    private static Answer.Signature signature(Reports reports, SignatureWrapper s) {
        SimpleReport simple = reports.getSimpleReport();
        DetailedReport detailed = reports.getDetailedReport();
        XmlBasicBuildingBlocks blocks = detailed.getBasicBuildingBlockById(s.getId());
        return new Answer.Signature(
                s.getPDFRevision() == null ? null : s.getPDFRevision().getSignatureFieldNames(),
                text(s.getSignatureFormat()), text(simple.getIndication(s.getId())),
                text(simple.getSubIndication(s.getId())),
                conclusion(blocks.getFC() == null ? null : blocks.getFC().getConclusion()),
                conclusion(blocks.getCV() == null ? null : blocks.getCV().getConclusion()),
                s.isBLevelTechnicallyValid(), scopes(s.getSignatureScopes()),
                time(simple.getBestSignatureTime(s.getId())),
                messages(simple.getAdESValidationErrors(s.getId())),
                messages(simple.getAdESValidationWarnings(s.getId())), Protection.of(s.getPDFRevision()));
    }

    private static Answer.Timestamp timestamp(Reports reports, TimestampWrapper t) {
        SimpleReport simple = reports.getSimpleReport();
        return new Answer.Timestamp(t.getType().name(), time(t.getProductionTime()),
                text(simple.getIndication(t.getId())), text(simple.getSubIndication(t.getId())),
                scopes(t.getTimestampScopes()), messages(simple.getAdESValidationErrors(t.getId())),
                messages(simple.getAdESValidationWarnings(t.getId())));
    }

    private static String conclusion(XmlConclusion c) {
        return c == null ? null : text(c.getIndication());
    }

    private static String scopes(List<XmlSignatureScope> scopes) {
        return scopes.stream().map(s -> text(s.getScope())).collect(Collectors.joining(" "));
    }

    private static List<String> messages(List<Message> messages) {
        return messages.stream().map(m -> m.getKey() + ": " + m.getValue()).collect(Collectors.toList());
    }

    private static String time(Date date) {
        return date == null ? null : date.toInstant().toString();
    }

    private static String text(Object o) {
        return o == null ? null : o.toString();
    }
}
