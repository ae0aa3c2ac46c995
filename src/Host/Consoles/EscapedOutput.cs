using Orchestrator.Composition;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Orchestrator.Host;

/// <summary>
/// All text on its way to a terminal: what names, messages and descriptions of others hold cannot
/// command it. Only the library's own control sequences pass as they are.
/// </summary>
internal sealed class EscapedOutput : IRenderHook
{
    public IEnumerable<IRenderable> Process(RenderOptions options, IEnumerable<IRenderable> renderables) => renderables.Select(inner => new Escaped(inner));

    private sealed class Escaped(IRenderable inner) : IRenderable
    {
        public Measurement Measure(RenderOptions options, int maxWidth) => inner.Measure(options, maxWidth);

        public IEnumerable<Segment> Render(RenderOptions options, int maxWidth)
        {
            foreach (var segment in inner.Render(options, maxWidth))
            {
                yield return segment.IsControlCode || segment.IsLineBreak || Printable.Of(segment.Text) is var text && text == segment.Text
                    ? segment
                    : new Segment(text, segment.Style);
            }
        }
    }
}
