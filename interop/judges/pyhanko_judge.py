"""Judge the signatures of PDF files with pyHanko; one JSON object a file, a line each.

usage: python pyhanko_judge.py ROOTS.pem FILE...

Encrypted files are opened with the password in the environment variable JUDGE_PASSWORD.
"""
import json
import logging
import os
import sys

from pyhanko.keys import load_certs_from_pemder
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature, validate_pdf_timestamp
from pyhanko_certvalidator import ValidationContext

logging.disable(logging.CRITICAL)


def judge(name, roots):
    with open(name, "rb") as f:
        reader = PdfFileReader(f, strict=False)  # strict refuses every hybrid file
        if reader.encrypted:
            reader.decrypt(os.environ.get("JUDGE_PASSWORD", ""))
        out = []
        for sig in reader.embedded_signatures:
            context = ValidationContext(trust_roots=roots, allow_fetching=False, revocation_mode="soft-fail")
            stamp = sig.sig_object_type == "/DocTimeStamp"
            status = (validate_pdf_timestamp if stamp else validate_pdf_signature)(sig, context)
            out.append({
                "field": sig.field_name,
                "intact": bool(status.intact),
                "valid": bool(status.valid),
                "trusted": bool(status.trusted),
                "bottom_line": bool(getattr(status, "bottom_line", status.intact and status.valid and status.trusted)),
                "coverage": status.coverage.name,
                "modification": getattr(getattr(status, "modification_level", None), "name", None),
                "mechanism": status.pkcs7_signature_mechanism,
                "digest": status.md_algorithm,
                "reason": text(sig, "/Reason"),
                "location": text(sig, "/Location"),
                "name": text(sig, "/Name"),
                "subject": sig.signer_cert.subject.native.get("common_name"),
            })
        return out


def text(sig, key):
    value = sig.sig_object.get(key)
    return None if value is None else str(value)


def main():
    roots = list(load_certs_from_pemder([sys.argv[1]]))
    for name in sys.argv[2:]:
        try:
            answer = {"file": name, "signatures": judge(name, roots)}
        except Exception as e:  # the test reads the reason; nothing is hidden
            answer = {"file": name, "error": "%s: %s" % (type(e).__name__, e)}
        print(json.dumps(answer))


main()
