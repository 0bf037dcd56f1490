/* JPEG and PNG files in memory to pixels in the caller's memory, and back, by libjpeg-turbo and libpng.
   The numbers of the enums are those of the managed enums. No globals: any number of threads, one codec each. */
#ifndef VOCSEG_SKIA_CODEC_H
#define VOCSEG_SKIA_CODEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define EXPORT __attribute__((visibility("default")))

enum { SUCCESS, INCOMPLETE_INPUT, ERROR_IN_INPUT, INVALID_CONVERSION, INVALID_SCALE, INVALID_PARAMETERS,
       INVALID_INPUT, COULD_NOT_REWIND, INTERNAL_ERROR, UNIMPLEMENTED };
enum { COLOR_RGB565 = 2, COLOR_RGBA = 4, COLOR_RGBX = 5, COLOR_BGRA = 6, COLOR_GRAY = 9 };
enum { ALPHA_UNKNOWN, ALPHA_OPAQUE, ALPHA_PREMUL, ALPHA_UNPREMUL };
enum { FORMAT_JPEG = 3, FORMAT_PNG = 4 };

typedef struct {
    int32_t width, height, format, color, alpha, origin, has_profile;
} codec_info;

typedef struct {
    int32_t color, alpha, width, height, subset_x, subset_width;
} codec_request;

typedef struct {
    const uint8_t *data;
    size_t size;
    codec_info info;
    void *decoder;
} codec;

typedef struct {
    const uint8_t *pixels;
    size_t row_bytes;
    int32_t width, height, color, alpha;
} image;

typedef struct {
    uint8_t *bytes;
    size_t length, capacity;
} buffer;

int jpeg_open(codec *c);
void jpeg_close(codec *c);
/* rows: how many of them were written; the caller of these blanks the others. */
int jpeg_decode(codec *c, const codec_request *request, uint8_t *dst, size_t row_bytes, int *rows);
int jpeg_start_rows(codec *c, const codec_request *request);
int jpeg_get_rows(codec *c, uint8_t *dst, int count, size_t row_bytes);
bool jpeg_skip_rows(codec *c, int count);

/* The value of the orientation tag in an Exif segment, or 0. */
int exif_orientation(const uint8_t *segment, size_t length);

bool png_matches(const uint8_t *data, size_t size);
int png_open(codec *c);
void png_close(codec *c);
int png_decode(codec *c, const codec_request *request, uint8_t *dst, size_t row_bytes, int *rows);

bool buffer_append(buffer *b, const void *bytes, size_t length);

static inline size_t bytes_per_pixel(int color)
{
    return color == COLOR_GRAY ? 1 : color == COLOR_RGB565 ? 2 : 4;
}

/* x * y / 255, rounded. */
static inline uint8_t scale255(unsigned x, unsigned y)
{
    unsigned product = x * y + 128;
    return (uint8_t)((product + (product >> 8)) >> 8);
}

static inline uint16_t pack565(unsigned r, unsigned g, unsigned b)
{
    return (uint16_t)((r >> 3) << 11 | (g >> 2) << 5 | b >> 3);
}

/* Color channels times alpha, in any order of the colors as alpha is always last. */
static inline void premultiply(uint8_t *dst, const uint8_t *src, size_t width)
{
    for (size_t i = 0; i < 4 * width; i += 4) {
        unsigned a = src[i + 3];
        dst[i] = scale255(src[i], a);
        dst[i + 1] = scale255(src[i + 1], a);
        dst[i + 2] = scale255(src[i + 2], a);
        dst[i + 3] = (uint8_t)a;
    }
}

#endif
