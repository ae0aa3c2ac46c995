using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using Orchestrator.Composition;

namespace Orchestrator.Reports;

/// <summary>
/// A page being written. Whatever is put into its markup by interpolation is text of others: it is
/// escaped, and what would command a terminal or reverse the direction of writing shows as
/// <c>\uXXXX</c>. There is no other way to add to it, so none can be forgotten.
/// </summary>
internal sealed class Html
{
    private readonly StringBuilder text = new();

    /// <summary>Adds markup.</summary>
    public Html Add([InterpolatedStringHandlerArgument("")] ref Markup markup) => this;

    public override string ToString() => text.ToString();

    /// <summary>An interpolated string whose holes are escaped.</summary>
    [InterpolatedStringHandler]
    public readonly ref struct Markup
    {
        private readonly StringBuilder text;

        public Markup(int literalLength, int formattedCount, Html page)
        {
            text = page.text;
            text.EnsureCapacity(text.Length + literalLength + formattedCount);
        }

        public void AppendLiteral(string markup) => text.Append(markup);

        public void AppendFormatted(string? value) => text.Append(HtmlEncoder.Default.Encode(Printable.Line(value ?? "")));

        public void AppendFormatted(long value) => text.Append(CultureInfo.InvariantCulture, $"{value}");

        public void AppendFormatted(Html part) => text.Append(part.text);
    }
}
