#include "codec.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>

/* More scans than any real progressive file has; each costs a pass over all coefficients. */
enum { MAX_SCANS = 100, ROWS_AT_ONCE = 16 };

typedef struct {
    struct jpeg_decompress_struct jpeg;
    struct jpeg_error_mgr errors;
    struct jpeg_progress_mgr progress;
    struct jpeg_source_mgr source;
    jmp_buf jump;
    bool fresh;       /* the header was read, and nothing behind it */
    bool starved;     /* more bytes were asked for than there are */
    bool lost;        /* rows were skipped whose bytes are missing, so none behind them can be right */
    int color;        /* of the decode under way */
    uint8_t *row;     /* one row as libjpeg gives it, where that is not what the caller gets */
    size_t row_start; /* pixels in row left of the first one wanted */
    size_t row_width;
} jpeg_decoder;

static jpeg_decoder *owner(j_common_ptr info) { return info->client_data; }

static void fail(j_common_ptr info) { longjmp(owner(info)->jump, 1); }
static void say_nothing(j_common_ptr info) { (void)info; }
static void warn(j_common_ptr info, int level) { if (level < 0) info->err->num_warnings++; }

static void count_scans(j_common_ptr info)
{
    if (((j_decompress_ptr)info)->input_scan_number >= MAX_SCANS) fail(info);
}

static void nothing_to_do(j_decompress_ptr jpeg) { (void)jpeg; }

/* FALSE suspends the decoder: rows that need the missing bytes are not given out. */
static boolean no_more_bytes(j_decompress_ptr jpeg)
{
    owner((j_common_ptr)jpeg)->starved = true;
    return FALSE;
}

static void skip_bytes(j_decompress_ptr jpeg, long count)
{
    if (count <= 0) return;
    if ((size_t)count > jpeg->src->bytes_in_buffer) fail((j_common_ptr)jpeg);
    jpeg->src->next_input_byte += count;
    jpeg->src->bytes_in_buffer -= (size_t)count;
}

static int read_header(codec *c, jpeg_decoder *d)
{
    if (setjmp(d->jump)) return INVALID_INPUT;
    d->source.next_input_byte = c->data;
    d->source.bytes_in_buffer = c->size;
    return jpeg_read_header(&d->jpeg, TRUE) == JPEG_HEADER_OK ? SUCCESS : INCOMPLETE_INPUT;
}

static int rewind_if_needed(codec *c, jpeg_decoder *d)
{
    free(d->row);
    d->row = NULL;
    d->lost = false;
    if (!d->fresh) {
        jpeg_abort_decompress(&d->jpeg);
        if (read_header(c, d) != SUCCESS) return COULD_NOT_REWIND;
    }
    d->fresh = false;
    return SUCCESS;
}

static bool is_icc_profile(const uint8_t *segment, size_t length, const char *color_space)
{
    enum { HEADER = 14, PROFILE = 132 };
    return length >= HEADER + PROFILE && !memcmp(segment, "ICC_PROFILE", 12) && segment[12] == 1 &&
        !memcmp(segment + HEADER + 16, color_space, 4) && !memcmp(segment + HEADER + 36, "acsp", 4);
}

static int describe(codec *c, jpeg_decoder *d)
{
    const struct jpeg_decompress_struct *jpeg = &d->jpeg;
    bool gray = jpeg->jpeg_color_space == JCS_GRAYSCALE;
    bool rgb = jpeg->jpeg_color_space == JCS_YCbCr || jpeg->jpeg_color_space == JCS_RGB;
    if (!gray && !rgb && jpeg->jpeg_color_space != JCS_CMYK && jpeg->jpeg_color_space != JCS_YCCK) return INVALID_INPUT;

    c->info.width = (int32_t)jpeg->image_width;
    c->info.height = (int32_t)jpeg->image_height;
    c->info.color = gray ? COLOR_GRAY : COLOR_BGRA;
    c->info.alpha = ALPHA_OPAQUE;
    c->info.origin = 0;
    for (jpeg_saved_marker_ptr m = jpeg->marker_list; m; m = m->next) {
        if (m->marker == JPEG_APP0 + 1 && !c->info.origin) c->info.origin = exif_orientation(m->data, m->data_length);
        if (m->marker == JPEG_APP0 + 2 && (gray || rgb) &&
            (is_icc_profile(m->data, m->data_length, "RGB ") || (gray && is_icc_profile(m->data, m->data_length, "GRAY"))))
            c->info.has_profile = true;
    }
    if (!c->info.origin) c->info.origin = 1;
    return SUCCESS;
}

static bool save_markers(jpeg_decoder *d, unsigned limit)
{
    if (setjmp(d->jump)) return false;
    jpeg_save_markers(&d->jpeg, JPEG_APP0 + 1, limit);
    jpeg_save_markers(&d->jpeg, JPEG_APP0 + 2, limit);
    return true;
}

static bool create(jpeg_decoder *d)
{
    d->jpeg.err = jpeg_std_error(&d->errors);
    d->errors.error_exit = fail;
    d->errors.output_message = say_nothing;
    d->errors.emit_message = warn;
    d->jpeg.client_data = d;
    if (setjmp(d->jump)) return false;
    jpeg_create_decompress(&d->jpeg);
    d->progress.progress_monitor = count_scans;
    d->jpeg.progress = &d->progress;
    d->source.init_source = nothing_to_do;
    d->source.fill_input_buffer = no_more_bytes;
    d->source.skip_input_data = skip_bytes;
    d->source.resync_to_restart = jpeg_resync_to_restart;
    d->source.term_source = nothing_to_do;
    d->jpeg.src = &d->source;
    return true;
}

int jpeg_open(codec *c)
{
    jpeg_decoder *d = calloc(1, sizeof *d);
    if (!d) return INTERNAL_ERROR;
    c->decoder = d;
    int result = INTERNAL_ERROR;
    if (create(d) && save_markers(d, 0xFFFF)) {
        result = read_header(c, d);
        if (result == SUCCESS) result = describe(c, d);
        d->fresh = true;
        save_markers(d, 0);
    }
    if (result != SUCCESS) jpeg_close(c);
    return result;
}

void jpeg_close(codec *c)
{
    jpeg_decoder *d = c->decoder;
    jpeg_destroy_decompress(&d->jpeg);
    free(d->row);
    free(d);
}

static bool is_cmyk(const jpeg_decoder *d)
{
    return d->jpeg.jpeg_color_space == JCS_CMYK || d->jpeg.jpeg_color_space == JCS_YCCK;
}

static int choose_output(codec *c, jpeg_decoder *d, const codec_request *request)
{
    if (request->alpha == ALPHA_UNKNOWN) return INVALID_CONVERSION;
    switch (request->color) {
    case COLOR_RGBA: d->jpeg.out_color_space = JCS_EXT_RGBA; break;
    case COLOR_BGRA: d->jpeg.out_color_space = JCS_EXT_BGRA; break;
    case COLOR_RGB565:
        d->jpeg.out_color_space = JCS_RGB565;
        d->jpeg.dither_mode = JDITHER_NONE;
        break;
    case COLOR_GRAY:
        if (c->info.color != COLOR_GRAY) return INVALID_CONVERSION;
        d->jpeg.out_color_space = JCS_GRAYSCALE;
        break;
    default: return INVALID_CONVERSION;
    }
    if (is_cmyk(d)) d->jpeg.out_color_space = JCS_CMYK;
    d->color = request->color;

    for (int eighths = 8; eighths >= 1; eighths--) {
        if ((c->info.width * (int64_t)eighths + 7) / 8 == request->width &&
            (c->info.height * (int64_t)eighths + 7) / 8 == request->height) {
            d->jpeg.scale_num = (unsigned)eighths;
            d->jpeg.scale_denom = 8;
            return SUCCESS;
        }
    }
    return INVALID_SCALE;
}

static int start(codec *c, jpeg_decoder *d, const codec_request *request)
{
    int result = rewind_if_needed(c, d);
    if (result == SUCCESS) result = choose_output(c, d, request);
    if (result != SUCCESS) return result;

    if (setjmp(d->jump)) return INVALID_INPUT;
    /* A progressive file is read to its end here, so a truncated one stops here. */
    if (!jpeg_start_decompress(&d->jpeg)) return INVALID_INPUT;
    JDIMENSION x = (JDIMENSION)request->subset_x, width = (JDIMENSION)request->subset_width;
    if (width != d->jpeg.output_width) jpeg_crop_scanline(&d->jpeg, &x, &width);
    d->row_start = (size_t)request->subset_x - x;
    d->row_width = (size_t)request->subset_width;
    if (is_cmyk(d) || width != (JDIMENSION)request->subset_width) {
        d->row = malloc(4 * (size_t)width);
        if (!d->row) return INTERNAL_ERROR;
    }
    return SUCCESS;
}

/* CMYK files hold the complement of the ink, as Adobe's programs write it. */
static void copy_row(const jpeg_decoder *d, uint8_t *dst)
{
    if (!is_cmyk(d)) {
        size_t pixel = bytes_per_pixel(d->color);
        memcpy(dst, d->row + d->row_start * pixel, d->row_width * pixel);
        return;
    }
    const uint8_t *ink = d->row + 4 * d->row_start;
    for (size_t x = 0; x < d->row_width; x++, ink += 4) {
        uint8_t r = scale255(ink[0], ink[3]), g = scale255(ink[1], ink[3]), b = scale255(ink[2], ink[3]);
        if (d->color == COLOR_RGB565) {
            uint16_t packed = pack565(r, g, b);
            memcpy(dst + 2 * x, &packed, 2);
        } else {
            uint8_t *p = dst + 4 * x;
            p[0] = d->color == COLOR_RGBA ? r : b;
            p[1] = g;
            p[2] = d->color == COLOR_RGBA ? b : r;
            p[3] = 255;
        }
    }
}

static int read_rows(jpeg_decoder *d, uint8_t *dst, int count, size_t row_bytes)
{
    /* After an error none of the rows counts. */
    if (d->lost || setjmp(d->jump)) return 0;
    for (int y = 0; y < count;) {
        JSAMPROW rows[ROWS_AT_ONCE];
        int wanted = d->row ? 1 : count - y < ROWS_AT_ONCE ? count - y : ROWS_AT_ONCE;
        for (int i = 0; i < wanted; i++) rows[i] = d->row ? d->row : dst + (size_t)(y + i) * row_bytes;
        JDIMENSION read = jpeg_read_scanlines(&d->jpeg, rows, (JDIMENSION)wanted);
        if (read == 0) return y;
        if (d->row) copy_row(d, dst + (size_t)y * row_bytes);
        y += (int)read;
    }
    return count;
}

int jpeg_decode(codec *c, const codec_request *request, uint8_t *dst, size_t row_bytes, int *rows)
{
    jpeg_decoder *d = c->decoder;
    int result = start(c, d, request);
    if (result != SUCCESS) return result;
    *rows = read_rows(d, dst, request->height, row_bytes);
    return *rows == request->height ? SUCCESS : INCOMPLETE_INPUT;
}

int jpeg_start_rows(codec *c, const codec_request *request) { return start(c, c->decoder, request); }

int jpeg_get_rows(codec *c, uint8_t *dst, int count, size_t row_bytes)
{
    return read_rows(c->decoder, dst, count, row_bytes);
}

bool jpeg_skip_rows(codec *c, int count)
{
    jpeg_decoder *d = c->decoder;
    if (setjmp(d->jump)) return false;
    d->starved = false;
    bool skipped = jpeg_skip_scanlines(&d->jpeg, (JDIMENSION)count) == (JDIMENSION)count;
    d->lost |= d->starved;
    return skipped;
}
