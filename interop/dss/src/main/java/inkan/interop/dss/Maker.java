package inkan.interop.dss;

import eu.europa.esig.dss.enumerations.DigestAlgorithm;
import eu.europa.esig.dss.enumerations.EncryptionAlgorithm;
import eu.europa.esig.dss.enumerations.SignatureAlgorithm;
import eu.europa.esig.dss.enumerations.SignatureLevel;
import eu.europa.esig.dss.model.DSSDocument;
import eu.europa.esig.dss.model.FileDocument;
import eu.europa.esig.dss.model.SignatureValue;
import eu.europa.esig.dss.model.ToBeSigned;
import eu.europa.esig.dss.model.x509.CertificateToken;
import eu.europa.esig.dss.pades.PAdESSignatureParameters;
import eu.europa.esig.dss.pades.PAdESTimestampParameters;
import eu.europa.esig.dss.pades.signature.PAdESService;
import eu.europa.esig.dss.service.http.commons.TimestampDataLoader;
import eu.europa.esig.dss.service.tsp.OnlineTSPSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;

/** Signs, raises and stamps PDFs with DSS. */
final class Maker {

    private static final int CONTENTS_SIZE = 32 << 10; // two tokens with their chains fit

    private Maker() {
    }

    static Answer sign(Task task) throws IOException, GeneralSecurityException {
        List<CertificateToken> chain = Trust.certificates(List.of(task.chain()));
        PAdESSignatureParameters parameters = parameters(task);
        parameters.setSigningCertificate(chain.get(0));
        parameters.setCertificateChain(chain);
        parameters.setDigestAlgorithm(DigestAlgorithm.forName(task.digest() == null ? "SHA256" : task.digest()));
        if (task.pss()) {
            parameters.setEncryptionAlgorithm(EncryptionAlgorithm.RSASSA_PSS);
        }
        PAdESService service = service(task);
        DSSDocument document = new FileDocument(task.file());
        ToBeSigned toBeSigned = service.getDataToSign(document, parameters);
        SignatureAlgorithm algorithm = parameters.getSignatureAlgorithm();
        Signature signature = Signature.getInstance(algorithm.getJCEId(), "BC");
        signature.initSign(key(task, chain.get(0)));
        signature.update(toBeSigned.getBytes());
        return save(task, service.signDocument(document, parameters, new SignatureValue(algorithm, signature.sign())));
    }

    static Answer extend(Task task) throws IOException {
        return save(task, service(task).extendDocument(new FileDocument(task.file()), parameters(task)));
    }

    static Answer timestamp(Task task) throws IOException {
        PAdESTimestampParameters parameters = new PAdESTimestampParameters(DigestAlgorithm.SHA256);
        parameters.setContentSize(CONTENTS_SIZE);
        if (task.password() != null) {
            parameters.setPasswordProtection(task.password().toCharArray());
        }
        return save(task, service(task).timestamp(new FileDocument(task.file()), parameters));
    }

    private static PAdESSignatureParameters parameters(Task task) {
        PAdESSignatureParameters parameters = new PAdESSignatureParameters();
        parameters.setSignatureLevel(SignatureLevel.valueByName("PAdES-BASELINE-" + task.level().substring(2)));
        parameters.setContentSize(CONTENTS_SIZE);
        parameters.getArchiveTimestampParameters().setContentSize(CONTENTS_SIZE);
        if (task.password() != null) {
            parameters.setPasswordProtection(task.password().toCharArray());
        }
        return parameters;
    }

    private static PAdESService service(Task task) throws IOException {
        PAdESService service = new PAdESService(Trust.verifier(task));
        if (task.tsa() != null) {
            service.setTspSource(new OnlineTSPSource(task.tsa(), new TimestampDataLoader()));
        }
        return service;
    }

    private static PrivateKey key(Task task, CertificateToken leaf) throws IOException, GeneralSecurityException {
        String pem = Files.readString(Path.of(task.key())).replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", "");
        KeyFactory factory = KeyFactory.getInstance(leaf.getPublicKey().getAlgorithm(), "BC");
        return factory.generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(pem)));
    }

    private static Answer save(Task task, DSSDocument document) throws IOException {
        document.save(task.out());
        return new Answer(task.file(), null, null, null);
    }
}
