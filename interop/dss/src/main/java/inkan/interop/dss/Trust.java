package inkan.interop.dss;

import eu.europa.esig.dss.model.x509.CertificateToken;
import eu.europa.esig.dss.service.crl.OnlineCRLSource;
import eu.europa.esig.dss.service.http.commons.CommonsDataLoader;
import eu.europa.esig.dss.service.http.commons.OCSPDataLoader;
import eu.europa.esig.dss.service.http.proxy.ProxyConfig;
import eu.europa.esig.dss.service.http.proxy.ProxyProperties;
import eu.europa.esig.dss.service.ocsp.OnlineOCSPSource;
import eu.europa.esig.dss.spi.DSSUtils;
import eu.europa.esig.dss.spi.validation.CertificateVerifier;
import eu.europa.esig.dss.spi.validation.CommonCertificateVerifier;
import eu.europa.esig.dss.spi.x509.CommonCertificateSource;
import eu.europa.esig.dss.spi.x509.CommonTrustedCertificateSource;
import eu.europa.esig.dss.spi.x509.aia.DefaultAIASource;

import java.io.FileInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Makes what DSS takes anchors, certificates and revocation data from. */
final class Trust {

    private Trust() {
    }

    static CertificateVerifier verifier(Task task) throws IOException {
        CommonCertificateVerifier verifier = new CommonCertificateVerifier(true); // nothing is fetched
        CommonTrustedCertificateSource anchors = new CommonTrustedCertificateSource();
        certificates(task.anchors()).forEach(anchors::addCertificate);
        verifier.setTrustedCertSources(anchors);
        CommonCertificateSource extra = new CommonCertificateSource();
        certificates(task.extra()).forEach(extra::addCertificate);
        verifier.setAdjunctCertSources(extra);
        if (task.proxy() != null) {
            OCSPDataLoader ocsp = new OCSPDataLoader();
            ocsp.setProxyConfig(proxy(task.proxy()));
            CommonsDataLoader others = new CommonsDataLoader();
            others.setProxyConfig(proxy(task.proxy()));
            verifier.setAIASource(new DefaultAIASource(others));
            verifier.setOcspSource(new OnlineOCSPSource(ocsp));
            verifier.setCrlSource(new OnlineCRLSource(others));
        }
        return verifier;
    }

    private static ProxyConfig proxy(String address) {
        int colon = address.lastIndexOf(':');
        ProxyProperties http = new ProxyProperties();
        http.setHost(address.substring(0, colon));
        http.setPort(Integer.parseInt(address.substring(colon + 1)));
        ProxyConfig config = new ProxyConfig();
        config.setHttpProperties(http);
        return config;
    }

    static List<CertificateToken> certificates(Collection<String> files) throws IOException {
        List<CertificateToken> all = new ArrayList<>();
        if (files != null) {
            for (String file : files) {
                try (FileInputStream in = new FileInputStream(file)) {
                    all.addAll(DSSUtils.loadCertificateFromP7c(in));
                }
            }
        }
        return all;
    }
}
