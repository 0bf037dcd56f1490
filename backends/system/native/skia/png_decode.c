#include "codec.h"

#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include <png.h>

/* libpng is fed chunk by chunk, so a truncated file still gives every row that its bytes hold. */
typedef struct {
    png_structp png;
    png_infop info;
    size_t position;      /* of the next byte to feed, behind the header of the first IDAT */
    uint32_t idat_length;
    bool in_idat;         /* that header was fed */
    bool fresh;
    bool palette, interlaced, complete;
    int color;
    bool premultiplied;
    size_t width;
    uint32_t table[256];  /* a palette's entries as pixels of the decode under way */
    uint8_t *dst;
    size_t row_bytes;
    int rows;
    uint8_t *passes;      /* what the passes of an interlaced file have given up to now */
    size_t pass_bytes;
} png_decoder;

enum { PNG_FAILED = 1, CHUNK_HEADER = 8, CRC = 4 };

static void fail(png_structp png, png_const_charp message)
{
    (void)message;
    longjmp(png_jmpbuf(png), PNG_FAILED);
}

static void ignore(png_structp png, png_const_charp message) { (void)png; (void)message; }

bool png_matches(const uint8_t *data, size_t size)
{
    return size > 0 && !png_sig_cmp((png_bytep)data, 0, size < 8 ? size : 8);
}

static void feed(png_decoder *d, const uint8_t *bytes, size_t length)
{
    if (length) png_process_data(d->png, d->info, (png_bytep)bytes, length);
}

/* Feeds `length` bytes of the file, or those it still has: then false. */
static bool feed_file(codec *c, png_decoder *d, size_t length)
{
    size_t left = c->size - d->position;
    size_t taken = length < left ? length : left;
    const uint8_t *bytes = c->data + d->position;
    d->position += taken;
    feed(d, bytes, taken);
    return taken == length;
}

static void expand(png_decoder *d)
{
    int kind = png_get_color_type(d->png, d->info), depth = png_get_bit_depth(d->png, d->info);
    d->palette = kind == PNG_COLOR_TYPE_PALETTE;
    if (depth == 16) png_set_strip_16(d->png);
    if (d->palette) {
        if (depth < 8) png_set_packing(d->png);
    } else {
        if (depth < 8) png_set_expand_gray_1_2_4_to_8(d->png);
        if (png_get_valid(d->png, d->info, PNG_INFO_tRNS)) png_set_tRNS_to_alpha(d->png);
    }
    d->interlaced = png_set_interlace_handling(d->png) > 1;
}

/* Feeds everything in front of the first IDAT. */
static bool read_header(codec *c, png_decoder *d)
{
    if (setjmp(png_jmpbuf(d->png))) return false;
    png_set_progressive_read_fn(d->png, NULL, NULL, NULL, NULL);
    d->position = 0;
    d->in_idat = false;
    if (!feed_file(c, d, 8)) return false;
    for (;;) {
        if (c->size - d->position < CHUNK_HEADER) return false;
        const uint8_t *chunk = c->data + d->position;
        uint32_t length = png_get_uint_32(chunk);
        if (!memcmp(chunk + 4, "IDAT", 4)) {
            d->position += CHUNK_HEADER;
            d->idat_length = length;
            expand(d);
            return true;
        }
        feed_file(c, d, CHUNK_HEADER);
        if (!feed_file(c, d, (size_t)length + CRC)) return false;
    }
}

static int create(codec *c, png_decoder *d)
{
    d->png = png_create_read_struct(PNG_LIBPNG_VER_STRING, NULL, fail, ignore);
    if (!d->png) return INTERNAL_ERROR;
#ifdef PNG_SET_OPTION_SUPPORTED
    /* Files whose zlib header names a window smaller than the one they use can be read too. */
    png_set_option(d->png, PNG_MAXIMUM_INFLATE_WINDOW, PNG_OPTION_ON);
#endif
    d->info = png_create_info_struct(d->png);
    if (!d->info) return INTERNAL_ERROR;
    bool sized = read_header(c, d) && png_get_image_width(d->png, d->info) > 0;
    return sized ? SUCCESS : INCOMPLETE_INPUT;
}

static void describe(codec *c, png_decoder *d)
{
    int kind = png_get_color_type(d->png, d->info);
    bool opaque = !(kind & PNG_COLOR_MASK_ALPHA) && !png_get_valid(d->png, d->info, PNG_INFO_tRNS);
    c->info.width = (int32_t)png_get_image_width(d->png, d->info);
    c->info.height = (int32_t)png_get_image_height(d->png, d->info);
    c->info.color = kind == PNG_COLOR_TYPE_GRAY && opaque ? COLOR_GRAY : COLOR_BGRA;
    c->info.alpha = opaque ? ALPHA_OPAQUE : ALPHA_UNPREMUL;
    c->info.origin = 1;
    png_color_8p bits;
    if (c->info.color == COLOR_BGRA && opaque && png_get_sBIT(d->png, d->info, &bits) &&
        bits->red == 5 && bits->green == 6 && bits->blue == 5)
        c->info.color = COLOR_RGB565;
    c->info.has_profile = png_get_valid(d->png, d->info, PNG_INFO_iCCP) ||
        (!png_get_valid(d->png, d->info, PNG_INFO_sRGB) && png_get_valid(d->png, d->info, PNG_INFO_gAMA | PNG_INFO_cHRM));
}

int png_open(codec *c)
{
    png_decoder *d = calloc(1, sizeof *d);
    if (!d) return INTERNAL_ERROR;
    c->decoder = d;
    int result = create(c, d);
    if (result != SUCCESS) {
        png_close(c);
        return result;
    }
    describe(c, d);
    d->fresh = true;
    return SUCCESS;
}

void png_close(codec *c)
{
    png_decoder *d = c->decoder;
    png_destroy_read_struct(&d->png, &d->info, NULL);
    free(d->passes);
    free(d);
}

static int rewind_if_needed(codec *c, png_decoder *d)
{
    if (!d->fresh) {
        png_destroy_read_struct(&d->png, &d->info, NULL);
        if (create(c, d) != SUCCESS) return COULD_NOT_REWIND;
    }
    d->fresh = false;
    return SUCCESS;
}

static bool convertible(const codec *c, const codec_request *request)
{
    bool opaque = c->info.alpha == ALPHA_OPAQUE;
    if (request->alpha == ALPHA_UNKNOWN || (request->alpha == ALPHA_OPAQUE && !opaque)) return false;
    switch (request->color) {
    case COLOR_RGBA:
    case COLOR_BGRA: return true;
    case COLOR_RGB565: return opaque;
    case COLOR_GRAY: return c->info.color == COLOR_GRAY;
    default: return false;
    }
}

static bool fill_table(png_decoder *d)
{
    png_colorp palette;
    png_bytep alphas = NULL;
    int count, alpha_count = 0;
    if (!png_get_PLTE(d->png, d->info, &palette, &count)) return false;
    png_get_tRNS(d->png, d->info, &alphas, &alpha_count, NULL);
    memset(d->table, 0, sizeof d->table);
    for (int i = 0; i < 256; i++) {
        /* An index behind the palette means its last color. */
        int entry = i < count ? i : count - 1;
        if (entry < 0) break;
        png_color color = palette[entry];
        uint8_t pixel[4] = { color.red, color.green, color.blue, entry < alpha_count ? alphas[entry] : 255 };
        if (d->color == COLOR_BGRA) { pixel[0] = color.blue; pixel[2] = color.red; }
        if (d->premultiplied) premultiply(pixel, pixel, 1);
        memcpy(&d->table[i], pixel, 4);
        if (d->color == COLOR_RGB565) d->table[i] = pack565(color.red, color.green, color.blue);
    }
    return true;
}

/* Has libpng give rows as they are wanted, but for palettes, premultiplying and 565. */
static int prepare(codec *c, png_decoder *d, const codec_request *request)
{
    if (setjmp(png_jmpbuf(d->png))) return INVALID_INPUT;
    bool opaque = c->info.alpha == ALPHA_OPAQUE;
    d->color = request->color;
    d->premultiplied = request->alpha == ALPHA_PREMUL && !opaque;
    d->width = (size_t)request->width;
    if (!d->palette && d->color != COLOR_GRAY) {
        png_set_gray_to_rgb(d->png);
        if (d->color == COLOR_BGRA) png_set_bgr(d->png);
        if (opaque && d->color != COLOR_RGB565) png_set_add_alpha(d->png, 0xFF, PNG_FILLER_AFTER);
    }
    png_read_update_info(d->png, d->info);
    if (d->palette && !fill_table(d)) return INVALID_INPUT;
    return SUCCESS;
}

static void write_row(const png_decoder *d, uint8_t *dst, const uint8_t *src)
{
    if (d->palette && d->color == COLOR_RGB565) {
        for (size_t x = 0; x < d->width; x++) {
            uint16_t pixel = (uint16_t)d->table[src[x]];
            memcpy(dst + 2 * x, &pixel, 2);
        }
    } else if (d->palette) {
        for (size_t x = 0; x < d->width; x++) memcpy(dst + 4 * x, &d->table[src[x]], 4);
    } else if (d->color == COLOR_RGB565) {
        for (size_t x = 0; x < d->width; x++) {
            uint16_t pixel = pack565(src[3 * x], src[3 * x + 1], src[3 * x + 2]);
            memcpy(dst + 2 * x, &pixel, 2);
        }
    } else if (d->premultiplied) {
        premultiply(dst, src, d->width);
    } else {
        memcpy(dst, src, d->width * bytes_per_pixel(d->color));
    }
}

static void on_row(png_structp png, png_bytep row, png_uint_32 y, int pass)
{
    (void)pass;
    png_decoder *d = png_get_progressive_ptr(png);
    write_row(d, d->dst + y * d->row_bytes, row);
    d->rows = (int)y + 1;
}

static void on_interlaced_row(png_structp png, png_bytep row, png_uint_32 y, int pass)
{
    enum { LAST_PASS = 6 };
    png_decoder *d = png_get_progressive_ptr(png);
    png_progressive_combine_row(png, d->passes + y * d->pass_bytes, row);
    /* The first pass fills every row, the others refine them. */
    if (pass == 0) d->rows = (int)y + 1;
    if (pass == LAST_PASS && y + 1 == png_get_image_height(png, d->info)) d->complete = true;
}

/* Feeds the file up to its end chunk or its end; false after an error in it. */
static bool feed_rows(codec *c, png_decoder *d)
{
    if (setjmp(png_jmpbuf(d->png))) return false;
    for (;;) {
        size_t length;
        bool end = false;
        if (!d->in_idat) {
            uint8_t header[CHUNK_HEADER] = { 0, 0, 0, 0, 'I', 'D', 'A', 'T' };
            png_save_uint_32(header, d->idat_length);
            length = d->idat_length;
            d->in_idat = true;
            feed(d, header, CHUNK_HEADER);
        } else {
            if (c->size - d->position < CHUNK_HEADER) return true;
            const uint8_t *header = c->data + d->position;
            length = png_get_uint_32(header);
            end = !memcmp(header + 4, "IEND", 4);
            feed_file(c, d, CHUNK_HEADER);
        }
        if (!feed_file(c, d, length + CRC) || end) return true;
    }
}

int png_decode(codec *c, const codec_request *request, uint8_t *dst, size_t row_bytes, int *rows)
{
    png_decoder *d = c->decoder;
    int result = rewind_if_needed(c, d);
    if (result != SUCCESS) return result;
    if (!convertible(c, request)) return INVALID_CONVERSION;
    if (request->width != c->info.width || request->height != c->info.height) return INVALID_SCALE;
    result = prepare(c, d, request);
    if (result != SUCCESS) return result;

    d->dst = dst;
    d->row_bytes = row_bytes;
    d->rows = 0;
    d->complete = false;
    if (d->interlaced) {
        d->pass_bytes = png_get_rowbytes(d->png, d->info);
        free(d->passes);
        d->passes = calloc((size_t)request->height, d->pass_bytes);
        if (!d->passes) return INTERNAL_ERROR;
    }
    png_set_progressive_read_fn(d->png, d, NULL, d->interlaced ? on_interlaced_row : on_row, NULL);
    bool intact = feed_rows(c, d);
    if (d->interlaced)
        for (int y = 0; y < d->rows; y++) write_row(d, dst + (size_t)y * row_bytes, d->passes + (size_t)y * d->pass_bytes);
    else
        d->complete = d->rows == request->height;
    *rows = d->rows;
    return !intact ? ERROR_IN_INPUT : d->complete ? SUCCESS : INCOMPLETE_INPUT;
}
