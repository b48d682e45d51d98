package inkan.interop.dss;

import com.fasterxml.jackson.annotation.JsonInclude;

import java.util.List;

/**
 * One line of standard output. A non-empty error says why there is nothing else.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Answer(String file, String error, List<Signature> signatures, List<Timestamp> timestamps) {

    /** What DSS says of one signature. */
    record Signature(List<String> fields, String level, String indication, String subIndication,
            /** Of the building block "format checking" of EN 319 102-1, 5.2.2. */
            String format,
            /** Of the building block "cryptographic verification", 5.2.7. */
            String crypto,
            /** The signature value and the digests are right, whatever the rules say. */
            boolean intact,
            String coverage, String bestTime, List<String> errors, List<String> warnings, Protection protection) {
    }

    /** What DSS says of one time stamp; kind is for example SIGNATURE_TIMESTAMP. */
    record Timestamp(String kind, String time, String indication, String subIndication, String coverage,
            List<String> errors, List<String> warnings) {
    }
}
