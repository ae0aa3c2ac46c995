namespace Orchestrator.Models;

/// <summary>Operations that run one behind the other on a chunk before the next chunk comes, or alone on the whole group.</summary>
internal readonly record struct Segment(int Start, int End, bool WholeForward, bool WholeBackward)
{
    public static Segment[] Cut(IReadOnlyList<Operation> operations)
    {
        var segments = new List<Segment>();
        for (var i = 0; i < operations.Count; i++)
        {
            var (whole, wholeBackward) = (operations[i].TakesWholeGroup, operations[i].TakesWholeGroupBackward);
            var isAlone = whole || wholeBackward || segments.Count == 0 || segments[^1].WholeForward || segments[^1].WholeBackward;
            if (isAlone || operations[i].StartsSegment)
            {
                segments.Add(new Segment(i, i + 1, whole, wholeBackward));
            }
            else
            {
                segments[^1] = segments[^1] with { End = i + 1 };
            }
        }

        return [.. segments];
    }
}
