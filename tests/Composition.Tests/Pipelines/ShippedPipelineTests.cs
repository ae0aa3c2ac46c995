namespace Orchestrator.Composition.Tests;

public class ShippedPipelineTests
{
    /// <summary>Data that is not on this machine is the one thing that may be missing.</summary>
    [Fact]
    public void Every_shipped_pipeline_loads()
    {
        foreach (var file in SchemaTests.ShippedPipelines())
        {
            var mistakes = Pipeline.Load(file, Shipped.Catalog, Shipped.Request()).Mistakes.Where(m => m.Path != "dataset");
            Assert.True(!mistakes.Any(), string.Join('\n', mistakes));
        }
    }
}
