namespace Orchestrator.Composition;

/// <summary>Absent workers exist, each is named once, and somebody is left.</summary>
internal sealed class AbsenceCheck : IPipelineCheck
{
    public IReadOnlyList<string> Reads { get; } = ["workers"];

    public void Run(CheckContext context)
    {
        var (count, absent) = (context.Pipeline.Workers.Count, context.Pipeline.Workers.AbsentWorkers);
        var named = new Dictionary<int, string>();
        for (var i = 0; i < absent.Count; i++)
        {
            var path = PathText.Element("workers.absent", i);
            if (absent[i] >= count)
            {
                context.Add(path, $"there is no worker {absent[i]}; workers.count is {count}, so 0 to {count - 1} are allowed");
            }
            else if (!named.TryAdd(absent[i], path))
            {
                context.Add(path, $"worker {absent[i]} is named already at {named[absent[i]]}");
            }
        }

        if (named.Count >= count)
        {
            context.Add("workers.absent", $"names all {count} workers; at least one must be there to compute");
        }
    }
}
