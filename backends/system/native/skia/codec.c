#include "codec.h"

#include <stdlib.h>
#include <string.h>

static void blank_rows(uint8_t *dst, size_t row_bytes, size_t width_bytes, int first, int end)
{
    for (int y = first; y < end; y++) memset(dst + (size_t)y * row_bytes, 0, width_bytes);
}

EXPORT int skia_codec_open(const uint8_t *data, size_t size, codec **out, codec_info *info)
{
    static const uint8_t jpeg[] = { 0xFF, 0xD8, 0xFF };
    bool is_jpeg = size >= sizeof jpeg && !memcmp(data, jpeg, sizeof jpeg);
    *out = NULL;
    if (!is_jpeg && !png_matches(data, size)) return INVALID_INPUT;

    codec *c = calloc(1, sizeof *c);
    if (!c) return INTERNAL_ERROR;
    c->data = data;
    c->size = size;
    c->info.format = is_jpeg ? FORMAT_JPEG : FORMAT_PNG;
    int result = is_jpeg ? jpeg_open(c) : png_open(c);
    if (result != SUCCESS) {
        free(c);
        return result;
    }
    *info = c->info;
    *out = c;
    return SUCCESS;
}

EXPORT void skia_codec_close(codec *c)
{
    if (c->info.format == FORMAT_JPEG) jpeg_close(c); else png_close(c);
    free(c);
}

EXPORT int skia_codec_decode(codec *c, const codec_request *request, uint8_t *dst, size_t row_bytes, int keep_rest)
{
    int rows = 0;
    int result = c->info.format == FORMAT_JPEG
        ? jpeg_decode(c, request, dst, row_bytes, &rows)
        : png_decode(c, request, dst, row_bytes, &rows);
    if ((result == INCOMPLETE_INPUT || result == ERROR_IN_INPUT) && !keep_rest)
        blank_rows(dst, row_bytes, (size_t)request->width * bytes_per_pixel(request->color), rows, request->height);
    return result;
}

EXPORT int skia_codec_start_rows(codec *c, const codec_request *request)
{
    return c->info.format == FORMAT_JPEG ? jpeg_start_rows(c, request) : UNIMPLEMENTED;
}

EXPORT int skia_codec_get_rows(codec *c, const codec_request *request, uint8_t *dst, int count, size_t row_bytes, int keep_rest)
{
    int rows = jpeg_get_rows(c, dst, count, row_bytes);
    if (!keep_rest)
        blank_rows(dst, row_bytes, (size_t)request->subset_width * bytes_per_pixel(request->color), rows, count);
    return rows;
}

EXPORT int skia_codec_skip_rows(codec *c, int count)
{
    return jpeg_skip_rows(c, count);
}

bool buffer_append(buffer *b, const void *bytes, size_t length)
{
    if (length > b->capacity - b->length) {
        size_t capacity = 2 * b->capacity + length + 4096;
        uint8_t *grown = realloc(b->bytes, capacity);
        if (!grown) return false;
        b->bytes = grown;
        b->capacity = capacity;
    }
    memcpy(b->bytes + b->length, bytes, length);
    b->length += length;
    return true;
}

EXPORT void *skia_memory_new(size_t size)
{
    return calloc(size ? size : 1, 1);
}

EXPORT void skia_memory_free(void *memory)
{
    free(memory);
}
