#include "codec.h"

#include <string.h>

static unsigned exif_number(const uint8_t *p, int bytes, bool little)
{
    unsigned value = 0;
    for (int i = 0; i < bytes; i++) value = value << 8 | p[little ? bytes - 1 - i : i];
    return value;
}

int exif_orientation(const uint8_t *segment, size_t length)
{
    enum { HEADER = 6, ENTRY = 12, TAG = 0x112, SHORT = 3 };
    if (length < 14 || memcmp(segment, "Exif", 5)) return 0;
    const uint8_t *tiff = segment + HEADER;
    length -= HEADER;
    bool little = tiff[0] == 'I' && tiff[1] == 'I';
    if (!little && !(tiff[0] == 'M' && tiff[1] == 'M')) return 0;
    size_t at = exif_number(tiff + 4, 4, little);
    if (length < at + 2) return 0;
    unsigned entries = exif_number(tiff + at, 2, little);
    at += 2;
    for (unsigned i = 0; i < entries && at + ENTRY <= length; i++, at += ENTRY) {
        const uint8_t *entry = tiff + at;
        unsigned value = exif_number(entry + 8, 2, little);
        if (exif_number(entry, 2, little) == TAG && exif_number(entry + 2, 2, little) == SHORT &&
            exif_number(entry + 4, 4, little) == 1 && value >= 1 && value <= 8)
            return (int)value;
    }
    return 0;
}
