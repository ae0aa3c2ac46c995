using Orchestrator.Abstractions;

namespace Orchestrator.Composition;

/// <summary>The data is there and is what its headers say.</summary>
internal sealed class DataCheck : IPipelineCheck
{
    public IReadOnlyList<string> Reads { get; } = ["dataset"];

    public void Run(CheckContext context) =>
        context.Data = context.Plugins.Ask<IDataset, DatasetShape>(context.Pipeline.Dataset, d => d.Describe(context.Request.Data));
}
