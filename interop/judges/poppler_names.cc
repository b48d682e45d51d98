// Prints /Name, /Reason and /Location of every signature of a PDF as poppler
// reads text strings: three lines a signature, UTF-8.
#include <cstdio>
#include <memory>

#include <Form.h>
#include <GlobalParams.h>
#include <PDFDoc.h>
#include <UTF.h>
#include <UnicodeMapFuncs.h>

static void print(const Object &dict, const char *key)
{
    const Object value = dict.dictLookup(key);
    Unicode *text = nullptr;
    const int n = value.isString() ? TextStringToUCS4(value.getString()->toStr(), &text) : 0;
    for (int i = 0; i < n; i++) {
        char utf8[8];
        const int length = mapUTF8(text[i], utf8, sizeof utf8);
        fwrite(utf8, 1, length, stdout);
    }
    gfree(text);
    putchar('\n');
}

int main(int, char **argv)
{
    globalParams = std::make_unique<GlobalParams>();
    PDFDoc doc(std::make_unique<GooString>(argv[1]));
    if (!doc.isOk()) {
        return 1;
    }
    for (FormFieldSignature *field : doc.getSignatureFields()) {
        const Object signature = field->getObj()->dictLookup("V");
        if (signature.isDict()) {
            print(signature, "Name");
            print(signature, "Reason");
            print(signature, "Location");
        }
    }
    return 0;
}
