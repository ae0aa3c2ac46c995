namespace Orchestrator.Composition;

/// <summary>The run ends, and is tested before it does.</summary>
internal sealed class StopCheck : IPipelineCheck
{
    public IReadOnlyList<string> Reads { get; } = ["stop"];

    public void Run(CheckContext context)
    {
        var stop = context.Pipeline.Stop;
        if (stop is { Epochs: null, Passes: null, Updates: null, Samples: null, Seconds: null })
        {
            context.Add("stop", "gives no limit; at least one of epochs, passes, updates, samples, seconds is required");
        }
    }
}
