using System.Globalization;
using System.Text;

namespace TorchSharp;

public static partial class torch
{
    private static TensorStringStyle style = TensorStringStyle.Julia;

    public static TensorStringStyle TensorStringStyle
    {
        get => style;
        set => style = value == TensorStringStyle.Default
            ? throw new ArgumentException("The style cannot be set to 'Default'")
            : value;
    }

    public partial class Tensor
    {
        public override string ToString()
            => $"[{string.Join('x', shape)}], type = {dtype}, device = {device}";

        /// <summary>Without the packages' layouts: the description, and the elements row by row.</summary>
        public string ToString(TensorStringStyle style, string? fltFormat = null, int? width = null, CultureInfo? cultureInfo = null, string? newLine = null)
        {
            if (style == TensorStringStyle.Default) style = torch.TensorStringStyle;
            if (style == TensorStringStyle.Metadata || is_meta) return ToString();
            var text = new StringBuilder(ToString()).Append(newLine ?? Environment.NewLine);
            using var scope = NewDisposeScope();
            Append(text, this, fltFormat ?? "g5", cultureInfo ?? CultureInfo.CurrentCulture);
            return text.ToString();
        }

        private static void Append(StringBuilder text, Tensor part, string format, CultureInfo culture)
        {
            if (part.ndim == 0)
            {
                var value = part.ToScalar();
                text.Append(part.is_integral()
                    ? value.ToInt64().ToString(culture)
                    : value.ToDouble().ToString(format, culture));
                return;
            }
            text.Append('[');
            for (var i = 0L; i < part.shape[0]; i++)
            {
                if (i > 0) text.Append(' ');
                Append(text, part[i], format, culture);
            }
            text.Append(']');
        }
    }
}
