using Orchestrator.Abstractions;

namespace Orchestrator.Datasets.Tests;

public sealed class IdxDatasetTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("mnist/", "", false)]
    [InlineData("mnist/", ".gz", true)]
    [InlineData("", "", false)]
    [InlineData("", ".gz", true)]
    [InlineData("mnist/", "", true)] // gzip is told by the content
    [InlineData("mnist/", ".gz", false)]
    public void Files_are_found_in_the_named_folder_or_the_root_compressed_or_not(string place, string end, bool gzip)
    {
        IdxBytes.WriteAll(folder, place, end, gzip);
        var dataset = new Mnist(new ImageFileOptions());
        var shape = dataset.Describe(folder.Folders);
        Assert.Equal([1, 4, 5], shape.Input);
        Assert.Equal((20, 10, 10), (shape.TrainCount, shape.TestCount, shape.Classes));
        var data = (ByteDataset)dataset.Load(folder.Folders);
        Assert.Equal(IdxBytes.Images(20)[16..], data.TrainSamples.Pixels);
        Assert.Equal(IdxBytes.Images(10)[16..], data.TestSamples.Pixels);
        Assert.Equal([.. Enumerable.Range(0, 20).Select(i => i % 10)], data.Train.Labels.ToArray());
        Assert.Equal("bcab1ceeb90c186752d1e866502a5c5221081c4de2cf05609c5b86b6adbd9b79", data.Fingerprint);
        Assert.Empty(data.Notes);
    }

    [Fact]
    public void The_spelling_with_a_dot_is_found_also_beside_folders_of_the_official_names()
    {
        IdxBytes.WriteAll(folder);
        foreach (var name in new[] { IdxBytes.TrainImages, IdxBytes.TrainLabels, IdxBytes.TestImages, IdxBytes.TestLabels })
        {
            File.Move(folder["mnist/" + name], folder["mnist/" + name.Replace("-idx", ".idx", StringComparison.Ordinal)]);
            Directory.CreateDirectory(folder["mnist/" + name]);
        }

        Assert.Equal(20, new Mnist(new ImageFileOptions()).Load(folder.Folders).Train.Count);
    }

    [Fact]
    public void A_complete_folder_is_preferred_to_an_earlier_incomplete_one()
    {
        IdxBytes.WriteAll(folder, "second/mnist/");
        folder.Write("first/mnist/" + IdxBytes.TrainImages, IdxBytes.Images(3));
        Assert.Equal(20, new Mnist(new ImageFileOptions()).Describe(new DataFolders([folder["first"], folder["second"]])).TrainCount);
    }

    [Fact]
    public void Limits_take_the_first_samples()
    {
        IdxBytes.WriteAll(folder, end: ".gz", gzip: true);
        var dataset = new Mnist(new ImageFileOptions(TrainLimit: 7, TestLimit: 1000));
        var shape = dataset.Describe(folder.Folders);
        Assert.Equal((7, 10), (shape.TrainCount, shape.TestCount));
        var data = (ByteDataset)dataset.Load(folder.Folders);
        Assert.Equal(IdxBytes.Images(7)[16..], data.TrainSamples.Pixels);
    }

    [Fact]
    public void Missing_files_say_where_they_were_looked_for_and_how_to_get_them()
    {
        var message = Assert.Throws<DataException>(() => new FashionMnist(new ImageFileOptions()).Describe(folder.Folders)).Message;
        string[] parts = [folder["fashion-mnist"], IdxBytes.TrainImages, IdxBytes.TestLabels, "data get fashion-mnist", "--data DIR", "ORCHESTRATOR_DATA"];
        Assert.All(parts, part => Assert.Contains(part, message));
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        IdxBytes.WriteAll(folder);
        File.Delete(folder["mnist/" + IdxBytes.TestLabels]);
        var message = Assert.Throws<DataException>(() => new Mnist(new ImageFileOptions()).Describe(folder.Folders)).Message;
        Assert.Contains($"{folder["mnist"]} lacks {IdxBytes.TestLabels}.", message);
    }

    [Fact]
    public void Without_any_data_folder_the_message_says_so() =>
        Assert.Contains("There is no data folder", Assert.Throws<DataException>(() => new Mnist(new ImageFileOptions()).Load(new DataFolders([]))).Message);
}
