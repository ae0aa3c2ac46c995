using Orchestrator.Abstractions;
using Orchestrator.Testing;
using Xunit;

namespace My.Plugin.Tests;

/// <summary>
/// Inherits what every dataset promises: the shapes it says, rows that are the same in every batch,
/// ...
/// </summary>
public class MyPluginDatasetContract : DatasetContract
{
    public override IDataset Create() => new MyPluginDataset(new MyPluginDatasetOptions());
}

/// <summary>And tests what only this one does.</summary>
public class MyPluginDatasetTests
{
    [Fact]
    public void A_points_distance_from_the_centre_tells_its_ring()
    {
        var samples = new MyPluginDataset(new MyPluginDatasetOptions(Rings: 4)).Load(new DataFolders([])).Train;
        var point = new float[2];
        for (var row = 0; row < samples.Count; row++)
        {
            samples.Gather([row], point);
            Assert.Equal(1 + samples.Labels[row], Math.Sqrt((point[0] * point[0]) + (point[1] * point[1])), 0.2501);
        }
    }
}
