using Orchestrator.Abstractions;

namespace Orchestrator.Composition.Tests;

public class PipelineTests
{
    [Fact]
    public void A_document_binds_with_its_defaults()
    {
        using var files = new Written();
        var result = Pipeline.Load(files.File("small.json", """
            {
              // a comment, and a trailing comma below
              "dataset": "quadratic",
              "model": "no-such",
              "optimizer": { "type": "sgd", "learningRate": 0.02, "momentum": 0.9, },
              "workers": { "count": 4, "compute": { "type": "constant", "ms": 10 } },
              "stop": { "updates": 100 },
            }
            """), Shipped.Catalog, Shipped.Request());
        Assert.Equal(["model.type"], result.Mistakes.Select(m => m.Path));
    }
}
