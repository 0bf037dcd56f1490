#include "codec.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>
#include <png.h>

static bool has_alpha_byte(int color) { return color == COLOR_RGBA || color == COLOR_BGRA || color == COLOR_RGBX; }

typedef struct {
    struct jpeg_compress_struct jpeg;
    struct jpeg_error_mgr errors;
    struct jpeg_destination_mgr destination;
    jmp_buf jump;
    buffer out;
    uint8_t block[16384];
} jpeg_encoder;

static void fail_jpeg(j_common_ptr info) { longjmp(((jpeg_encoder *)info->client_data)->jump, 1); }
static void say_nothing(j_common_ptr info) { (void)info; }

static void start_block(j_compress_ptr jpeg)
{
    jpeg_encoder *e = jpeg->client_data;
    e->destination.next_output_byte = e->block;
    e->destination.free_in_buffer = sizeof e->block;
}

static boolean flush_block(j_compress_ptr jpeg)
{
    jpeg_encoder *e = jpeg->client_data;
    if (!buffer_append(&e->out, e->block, sizeof e->block)) fail_jpeg((j_common_ptr)jpeg);
    start_block(jpeg);
    return TRUE;
}

static void flush_last_block(j_compress_ptr jpeg)
{
    jpeg_encoder *e = jpeg->client_data;
    size_t used = sizeof e->block - e->destination.free_in_buffer;
    if (!buffer_append(&e->out, e->block, used)) fail_jpeg((j_common_ptr)jpeg);
}

static bool write_jpeg(jpeg_encoder *e, const image *source, int quality, int downsample, uint8_t *premultiplied)
{
    struct jpeg_compress_struct *jpeg = &e->jpeg;
    if (setjmp(e->jump)) return false;
    jpeg_create_compress(jpeg);
    jpeg->dest = &e->destination;
    jpeg->image_width = (JDIMENSION)source->width;
    jpeg->image_height = (JDIMENSION)source->height;
    jpeg->in_color_space = source->color == COLOR_GRAY ? JCS_GRAYSCALE
        : source->color == COLOR_BGRA ? JCS_EXT_BGRA
        : source->color == COLOR_RGBX ? JCS_EXT_RGBX : JCS_EXT_RGBA;
    jpeg->input_components = source->color == COLOR_GRAY ? 1 : 4;
    jpeg_set_defaults(jpeg);
    if (source->color != COLOR_GRAY) {
        jpeg->comp_info[0].h_samp_factor = downsample == 2 ? 1 : 2;
        jpeg->comp_info[0].v_samp_factor = downsample == 0 ? 2 : 1;
    }
    jpeg->optimize_coding = TRUE;
    jpeg_set_quality(jpeg, quality, TRUE);
    jpeg_start_compress(jpeg, TRUE);
    for (int y = 0; y < source->height; y++) {
        JSAMPROW row = (JSAMPROW)(source->pixels + (size_t)y * source->row_bytes);
        if (premultiplied) {
            premultiply(premultiplied, row, (size_t)source->width);
            row = premultiplied;
        }
        jpeg_write_scanlines(jpeg, &row, 1);
    }
    jpeg_finish_compress(jpeg);
    return true;
}

/* downsample: 0 is 4:2:0, 1 is 4:2:2, 2 is 4:4:4. */
EXPORT int skia_encode_jpeg(const image *source, int quality, int downsample, int blend_on_black, uint8_t **bytes, size_t *length)
{
    if (source->color != COLOR_GRAY && !has_alpha_byte(source->color)) return false;
    jpeg_encoder *e = calloc(1, sizeof *e);
    if (!e) return false;
    e->jpeg.err = jpeg_std_error(&e->errors);
    e->errors.error_exit = fail_jpeg;
    e->errors.output_message = say_nothing;
    e->jpeg.client_data = e;
    e->destination.init_destination = start_block;
    e->destination.empty_output_buffer = flush_block;
    e->destination.term_destination = flush_last_block;

    bool blend = blend_on_black && source->alpha == ALPHA_UNPREMUL && source->color != COLOR_GRAY && source->color != COLOR_RGBX;
    uint8_t *row = blend ? malloc(4 * (size_t)source->width) : NULL;
    bool done = (row || !blend) && write_jpeg(e, source, quality, downsample, row);
    free(row);
    jpeg_destroy_compress(&e->jpeg);
    if (done) {
        *bytes = e->out.bytes;
        *length = e->out.length;
    } else {
        free(e->out.bytes);
    }
    free(e);
    return done;
}

static void fail_png(png_structp png, png_const_charp message)
{
    (void)message;
    longjmp(png_jmpbuf(png), 1);
}

static void ignore_warning(png_structp png, png_const_charp message) { (void)png; (void)message; }

static void append_png(png_structp png, png_bytep bytes, png_size_t length)
{
    if (!buffer_append(png_get_io_ptr(png), bytes, length)) png_error(png, "out of memory");
}

static void flush_png(png_structp png) { (void)png; }

static void unpremultiply(uint8_t *dst, const uint8_t *src, size_t width)
{
    for (size_t i = 0; i < 4 * width; i++) {
        unsigned a = src[i | 3];
        unsigned value = (i & 3) == 3 ? a : a == 0 ? 0 : (src[i] * 255u + a / 2) / a;
        dst[i] = (uint8_t)(value > 255 ? 255 : value);
    }
}

static bool write_png(png_structp png, png_infop info, const image *source, int filters, int level, int srgb, uint8_t *straight)
{
    if (setjmp(png_jmpbuf(png))) return false;
    bool gray = source->color == COLOR_GRAY;
    bool alpha = !gray && source->color != COLOR_RGBX && source->alpha != ALPHA_OPAQUE;
    png_set_IHDR(png, info, (png_uint_32)source->width, (png_uint_32)source->height, 8,
        gray ? PNG_COLOR_TYPE_GRAY : alpha ? PNG_COLOR_TYPE_RGB_ALPHA : PNG_COLOR_TYPE_RGB,
        PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_BASE, PNG_FILTER_TYPE_BASE);
    png_color_8 bits = { 8, 8, 8, 8, 8 };
    png_set_sBIT(png, info, &bits);
    png_set_filter(png, PNG_FILTER_TYPE_BASE, filters & PNG_ALL_FILTERS);
    png_set_compression_level(png, level < 0 ? 0 : level > 9 ? 9 : level);
    if (srgb) png_set_sRGB(png, info, PNG_sRGB_INTENT_PERCEPTUAL);
    png_write_info(png, info);
    if (!gray && !alpha) png_set_filler(png, 0, PNG_FILLER_AFTER);
    if (source->color == COLOR_BGRA) png_set_bgr(png);
    for (int y = 0; y < source->height; y++) {
        const uint8_t *row = source->pixels + (size_t)y * source->row_bytes;
        if (straight) {
            unpremultiply(straight, row, (size_t)source->width);
            row = straight;
        }
        png_write_row(png, (png_bytep)row);
    }
    png_write_end(png, info);
    return true;
}

EXPORT int skia_encode_png(const image *source, int filters, int level, int srgb, uint8_t **bytes, size_t *length)
{
    if (source->color != COLOR_GRAY && !has_alpha_byte(source->color)) return false;
    bool premultiplied = source->alpha == ALPHA_PREMUL && has_alpha_byte(source->color) && source->color != COLOR_RGBX;
    uint8_t *row = premultiplied ? malloc(4 * (size_t)source->width) : NULL;
    buffer out = { 0 };
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, fail_png, ignore_warning);
    png_infop info = png ? png_create_info_struct(png) : NULL;
    bool done = false;
    if (info && (row || !premultiplied)) {
        png_set_write_fn(png, &out, append_png, flush_png);
        done = write_png(png, info, source, filters, level, srgb, row);
    }
    png_destroy_write_struct(&png, &info);
    free(row);
    if (done) {
        *bytes = out.bytes;
        *length = out.length;
    } else {
        free(out.bytes);
    }
    return done;
}
