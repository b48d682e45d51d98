package inkan.interop.dss;

import java.util.List;

/**
 * One line of standard input: what to do with which file. Fields that a command does not use are absent.
 *
 * @param command   "judge", "sign", "extend", "timestamp", "report" (writes that of ETSI TS 119 102-2) or "schema" (holds one
 *                  against the published schema)
 * @param file      the PDF to read
 * @param out       the file to write (sign, extend, timestamp, report)
 * @param password  opens an encrypted PDF
 * @param anchors   files with PEM certificates that are trusted
 * @param extra     files with PEM certificates that are known, not trusted
 * @param at        the time to judge at, RFC 3339; absent means now
 * @param proxy     host:port that answers every request for certificates, CRLs and OCSP responses; absent means
 *                  offline
 * @param level     "B-B", "B-T", "B-LT" or "B-LTA" (sign, extend)
 * @param tsa       URL of the time-stamping authority
 * @param key       file with the private key, PKCS #8 in PEM (sign)
 * @param chain     file with the certificates of the signer, leaf first, in PEM (sign)
 * @param digest    "SHA256" unless it says otherwise (sign)
 * @param pss       whether an RSA key signs with RSASSA-PSS (sign)
 * @param unlisted  whether certificates that name no place with revocation data do without, for a judge who does not
 *                  know how certificates say that (RFC 9608)
 */
record Task(String command, String file, String out, String password, List<String> anchors, List<String> extra,
        String at, String proxy, String level, String tsa, String key, String chain, String digest, boolean pss,
        boolean unlisted) {
}
