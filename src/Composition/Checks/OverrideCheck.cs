namespace Orchestrator.Composition;

/// <summary>Overrides name workers that exist, each once.</summary>
internal sealed class OverrideCheck : IPipelineCheck
{
    public IReadOnlyList<string> Reads { get; } = ["workers"];

    public void Run(CheckContext context)
    {
        var workers = context.Pipeline.Workers;
        var named = new Dictionary<int, string>();
        for (var i = 0; i < workers.Overrides.Count; i++)
        {
            var list = PathText.Member(PathText.Element("workers.overrides", i), "workers");
            if (workers.Overrides[i].Workers.Count == 0)
            {
                context.Add(list, "names no worker; at least one is required");
            }

            for (var j = 0; j < workers.Overrides[i].Workers.Count; j++)
            {
                Check(context, workers.Overrides[i].Workers[j], workers.Count, PathText.Element(list, j), named);
            }
        }
    }

    private static void Check(CheckContext context, int worker, int count, string path, Dictionary<int, string> named)
    {
        if (worker >= count)
        {
            context.Add(path, $"there is no worker {worker}; workers.count is {count}, so 0 to {count - 1} are allowed");
        }
        else if (!named.TryAdd(worker, path))
        {
            context.Add(path, $"worker {worker} is named already at {named[worker]}; each worker can be overridden once");
        }
    }
}
