package inkan.interop.dss;

import eu.europa.esig.validationreport.ValidationReportUtils;

import org.xml.sax.ErrorHandler;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.Validator;

/** Validation reports of ETSI TS 119 102-2: made by DSS, and held against the published schema. */
final class EtsiReport {

    private EtsiReport() {
    }

    /** Writes what DSS reports of a PDF. */
    static Answer write(Task task) throws IOException {
        Files.writeString(Path.of(task.out()), Judge.reports(task).getXmlValidationReport());
        return new Answer(task.file(), null, null, null);
    }

    /** Tells where a report departs from the schema. */
    static Answer check(Task task) throws IOException, SAXException {
        List<String> faults = new ArrayList<>();
        Validator validator = ValidationReportUtils.getInstance().getSchema().newValidator();
        validator.setErrorHandler(new ErrorHandler() {
            @Override
            public void warning(SAXParseException e) {
                faults.add(e.getLineNumber() + ": " + e.getMessage());
            }

            @Override
            public void error(SAXParseException e) {
                warning(e);
            }

            @Override
            public void fatalError(SAXParseException e) {
                warning(e);
            }
        });
        validator.validate(new StreamSource(Path.of(task.file()).toFile()));
        return new Answer(task.file(), faults.isEmpty() ? null : String.join("; ", faults), null, null);
    }
}
