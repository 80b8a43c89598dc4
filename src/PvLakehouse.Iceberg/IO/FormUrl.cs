using System.Globalization;
using System.Text;

namespace PvLakehouse.Iceberg.IO;

/// <summary>
/// The encoding of HTML forms (application/x-www-form-urlencoded), which names partition folders in every
/// implementation.
/// </summary>
internal static class FormUrl
{
    public static string Encode(string text)
    {
        var builder = new StringBuilder(text.Length);
        foreach (var b in Encoding.UTF8.GetBytes(text))
        {
            var c = (char)b;
            if (char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '*' or '_')
            {
                builder.Append(c);
            }
            else if (c == ' ')
            {
                builder.Append('+');
            }
            else
            {
                builder.Append('%').Append(b.ToString("X2", CultureInfo.InvariantCulture));
            }
        }

        return builder.ToString();
    }
}
