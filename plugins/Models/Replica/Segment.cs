namespace Orchestrator.Models;

/// <summary>
/// Operations that run one behind the other on a chunk before the next chunk comes, or alone on the
/// whole group.
/// </summary>
/// <param name="Start">The first operation.</param>
/// <param name="End">Beyond the last.</param>
/// <param name="WholeForward">The one operation takes the whole group.</param>
/// <param name="WholeBackward">The one operation takes the whole group backward.</param>
/// <param name="StripesBackward">Backward, the chunks of a stripe go together through each
/// operation.</param>
internal readonly record struct Segment(int Start, int End, bool WholeForward, bool WholeBackward, bool StripesBackward)
{
    public static Segment[] Cut(IReadOnlyList<Operation> operations)
    {
        var segments = new List<Segment>();
        for (var i = 0; i < operations.Count; i++)
        {
            var (whole, wholeBackward, stripes) = (operations[i].TakesWholeGroup, operations[i].TakesWholeGroupBackward, operations[i].TakesStripesBackward);
            var isAlone = whole || wholeBackward || segments.Count == 0 || segments[^1].WholeForward || segments[^1].WholeBackward;
            if (isAlone || operations[i].StartsSegment)
            {
                segments.Add(new Segment(i, i + 1, whole, wholeBackward, stripes));
            }
            else
            {
                segments[^1] = segments[^1] with { End = i + 1, StripesBackward = segments[^1].StripesBackward || stripes };
            }
        }

        return [.. segments];
    }
}
