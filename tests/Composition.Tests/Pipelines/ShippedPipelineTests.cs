namespace Orchestrator.Composition.Tests;

public class ShippedPipelineTests
{
    /// <summary>Data that is not on this machine is the one thing that may be missing.</summary>
    [Fact]
    public void Every_shipped_pipeline_loads()
    {
        foreach (var file in SchemaTests.ShippedPipelines())
        {
            // A sweep is read as one, and loads without it; its cells are another matter.
            Assert.NotNull(PipelineTemplate.Read(file, Shipped.Catalog, Shipped.Request(), out var ofSweep));
            var alone = Pipeline.Load(file, Shipped.Catalog, Shipped.Request("sweep=null")).Mistakes.Where(m => m.Path != "dataset");
            Assert.True(!alone.Concat(ofSweep).Any(), string.Join('\n', alone.Concat(ofSweep)));
        }
    }
}
