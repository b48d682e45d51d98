"""Sign a PDF with pyHanko.

usage: python pyhanko_sign.py KEY.pem CERT.pem IN OUT FIELD SUBFILTER(pades|adobe) PSS(0|1)
"""
import sys

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers


def main():
    key, cert, source, target, field, subfilter, pss = sys.argv[1:8]
    signer = signers.SimpleSigner.load(key, cert, prefer_pss=pss == "1")
    if signer is None:
        sys.exit("cannot load the key")
    meta = signers.PdfSignatureMetadata(
        field_name=field,
        reason="山田太郎が承認",
        location="髙﨑",
        subfilter=fields.SigSeedSubFilter.PADES if subfilter == "pades" else fields.SigSeedSubFilter.ADOBE_PKCS7_DETACHED,
    )
    with open(source, "rb") as f:
        writer = IncrementalPdfFileWriter(f, strict=False)
        with open(target, "wb") as out:
            signers.sign_pdf(writer, meta, signer=signer, output=out)


main()
