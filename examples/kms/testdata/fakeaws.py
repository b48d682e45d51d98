# Starts moto's server, amended: moto 5.2 hashes what it is given to sign whatever MessageType says, while AWS takes a
# DIGEST as it is (moto/kms/models.py says that this is not implemented yet).
import sys
import threading

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from moto.kms import utils
from moto.kms.responses import KmsResponse
from moto.server import main

request = threading.local()
sign_request = KmsResponse.sign


def sign(self):
    request.digest = self._get_param("MessageType") == "DIGEST"
    return sign_request(self)


def hashing(algorithm):
    return Prehashed(algorithm) if request.digest else algorithm


def sign_rsa(self, message, signing_algorithm):
    padding, algorithm = self._RSAPrivateKey__padding_and_hash_algorithm(signing_algorithm)
    return self.private_key.sign(message, padding, hashing(algorithm))


def sign_ecdsa(self, message, signing_algorithm):
    algorithm = self._ECDSAPrivateKey__hash_algorithm(signing_algorithm)
    return self.private_key.sign(message, ec.ECDSA(hashing(algorithm)))


KmsResponse.sign = sign
utils.RSAPrivateKey.sign = sign_rsa
utils.ECDSAPrivateKey.sign = sign_ecdsa
main(sys.argv[1:])
