namespace Orchestrator.Models;

/// <summary>Operations that run one behind the other on a chunk before the next chunk comes, or alone on the whole group.</summary>
internal readonly record struct Stretch(int Start, int End, bool WholeForward, bool WholeBackward)
{
    public static Stretch[] Cut(IReadOnlyList<Operation> operations)
    {
        var stretches = new List<Stretch>();
        for (var i = 0; i < operations.Count; i++)
        {
            var (whole, wholeBackward) = (operations[i].TakesWholeGroup, operations[i].TakesWholeGroupBackward);
            var isAlone = whole || wholeBackward || stretches.Count == 0 || stretches[^1].WholeForward || stretches[^1].WholeBackward;
            if (isAlone || operations[i].StartsStretch)
            {
                stretches.Add(new Stretch(i, i + 1, whole, wholeBackward));
            }
            else
            {
                stretches[^1] = stretches[^1] with { End = i + 1 };
            }
        }

        return [.. stretches];
    }
}
