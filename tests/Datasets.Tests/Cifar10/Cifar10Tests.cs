using Orchestrator.Abstractions;

namespace Orchestrator.Datasets.Tests;

public sealed class Cifar10Tests : IDisposable
{
    private const int RecordLength = 3073;

    private static readonly Dictionary<string, (byte[] Content, string Message)> Hostile = new()
    {
        ["empty"] = ([], "it is empty"),
        ["truncated"] = (Records(3, 1)[..^1], "it holds 9,218 bytes, which is not a whole number of records of 3073"),
        ["over-long"] = ([.. Records(3, 1), 0], "it holds 9,220 bytes"),
        ["one byte"] = ([1], "it holds 1 bytes"),
        ["mislabelled"] = ([.. Records(1, 1), 10, .. Records(1, 1)[1..]], "record 1 (counted from 0) has label 10; labels are 0 to 9"),
        ["cifar100"] = ([.. Records(1, 1), 99, .. Records(1, 1)], "not a whole number"),
        ["gzip truncated"] = (TemporaryFolder.Gzip(Records(3, 1))[..^9], "gzip"),
        ["gzip of a part"] = (TemporaryFolder.Gzip(Records(3, 1)[..^1]), "9,218"),
        ["two gzips joined, one damaged"] = ([.. TemporaryFolder.Gzip(Records(2, 1)), .. TemporaryFolder.Gzip(Records(3, 1))[..^9]], "gzip"),
    };

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("cifar10/", false)]
    [InlineData("cifar10/cifar-10-batches-bin/", false)]
    [InlineData("cifar-10-batches-bin/", true)]
    [InlineData("", true)]
    public void The_official_batches_are_read_in_order(string place, bool gzip)
    {
        WriteAll(place, gzip, batches: [1, 2, 3, 4, 5]);
        var dataset = new Cifar10(new Cifar10Options());
        var shape = dataset.Describe(folder.Folders);
        Assert.Equal([3, 32, 32], shape.Input);
        Assert.Equal((15, 2, 10), (shape.TrainCount, shape.TestCount, shape.Classes));
        var data = (ByteDataset)dataset.Load(folder.Folders);
        byte[] records = [.. Enumerable.Range(1, 5).SelectMany(batch => Records(3, batch))];
        Assert.Equal(WithoutLabels(records), data.TrainSamples.Pixels.ToArray());
        Assert.Equal([1, 2, 3, 2, 3, 4, 3, 4, 5, 4, 5, 6, 5, 6, 7], data.Train.Labels.ToArray());
        Assert.Empty(data.Notes);
    }

    [Fact]
    public void Gzips_that_were_joined_are_one_file_of_all_their_records()
    {
        folder.Write("cifar10/cifar10-train5.bin.gz", [.. TemporaryFolder.Gzip(Records(2, 1)), .. TemporaryFolder.Gzip(Records(3, 1)), .. new byte[3]]);
        folder.Write("cifar10/cifar10-test.bin.gz", [.. TemporaryFolder.Gzip(Records(2, 1)), 0]);
        var dataset = new Cifar10(new Cifar10Options());
        Assert.Equal((5, 2), (dataset.Describe(folder.Folders).TrainCount, dataset.Describe(folder.Folders).TestCount));
        Assert.Equal([1, 2, 1, 2, 3], dataset.Load(folder.Folders).Train.Labels.ToArray());
    }

    [Fact]
    public void Some_batches_are_enough_and_the_notes_say_which_are_absent()
    {
        WriteAll("cifar10/", gzip: false, batches: [2, 5]);
        var data = new Cifar10(new Cifar10Options()).Load(folder.Folders);
        Assert.Equal([2, 3, 4, 5, 6, 7], data.Train.Labels.ToArray());
        var note = Assert.Single(data.Notes);
        Assert.Contains(
            "lacks data_batch_1.bin, data_batch_3.bin, data_batch_4.bin: 6 training and 2 test images are used, of the official 50,000 and 10,000", note);
    }

    [Fact]
    public void A_complete_folder_is_preferred_to_an_earlier_incomplete_one()
    {
        WriteAll("cifar10/", gzip: false, batches: [2]);
        WriteAll("cifar-10-batches-bin/", gzip: false, batches: [1, 2, 3, 4, 5]);
        Assert.Equal(15, new Cifar10(new Cifar10Options()).Describe(folder.Folders).TrainCount);
    }

    [Fact]
    public void Limits_take_the_first_records_across_batches()
    {
        WriteAll("cifar10/", gzip: true, batches: [1, 2, 3, 4, 5]);
        var dataset = new Cifar10(new Cifar10Options(TrainLimit: 4, TestLimit: 1));
        var shape = dataset.Describe(folder.Folders);
        Assert.Equal((4, 1), (shape.TrainCount, shape.TestCount));
        Assert.Equal([1, 2, 3, 2], dataset.Load(folder.Folders).Train.Labels.ToArray());
    }

    [Theory]
    [InlineData(28, 2)]
    [InlineData(1, 15)]
    [InlineData(32, 0)]
    public void A_crop_is_the_middle_of_every_colour_of_every_image(int side, int before)
    {
        folder.Write("cifar10/data_batch_1.bin", [.. Records(3, 1)]);
        folder.Write("cifar10/test_batch.bin", [.. Records(2, 1)]);
        var dataset = new Cifar10(new Cifar10Options(Crop: side));
        var whole = WithoutLabels(Records(3, 1));
        var expected =
            from image in Enumerable.Range(0, 3)
            from colour in Enumerable.Range(0, 3)
            from line in Enumerable.Range(before, side)
            from place in Enumerable.Range(before, side)
            select whole[(image * 3072) + (colour * 1024) + (line * 32) + place];

        Assert.Equal([3, side, side], dataset.Describe(folder.Folders).Input);
        Assert.Equal(expected, ((ByteDataset)dataset.Load(folder.Folders)).TrainSamples.Pixels.ToArray());
    }

    [Fact]
    public void Two_subsets_in_one_folder_are_not_guessed_between()
    {
        foreach (var name in new[] { "train1k", "train2k", "test1k" })
        {
            folder.Write($"cifar10/cifar10-{name}.bin", Records(1, 0));
        }

        var message = Assert.Throws<DataException>(() => new Cifar10(new Cifar10Options()).Describe(folder.Folders)).Message;
        Assert.Contains("cifar10-train1k.bin and cifar10-train2k.bin are both there", message);
    }

    [Fact]
    public void Missing_files_are_named()
    {
        var nothing = Assert.Throws<DataException>(() => new Cifar10(new Cifar10Options()).Describe(folder.Folders)).Message;
        string[] parts = ["were not found", folder["cifar10"], "data_batch_1.bin to data_batch_5.bin", "test_batch.bin", "data get cifar10"];
        Assert.All(parts, part => Assert.Contains(part, nothing));
        folder.Write("cifar10/data_batch_1.bin", Records(3, 1));
        var message = Assert.Throws<DataException>(() => new Cifar10(new Cifar10Options()).Load(folder.Folders)).Message;
        Assert.Contains($"{folder["cifar10"]} lacks test_batch.bin", message);
    }

    public static TheoryData<string> HostileNames => [.. Hostile.Keys];

    [Theory(Timeout = 30_000)]
    [MemberData(nameof(HostileNames))]
    public void A_wrong_file_is_named_with_what_is_wrong(string name)
    {
        var (content, expected) = Hostile[name];
        WriteAll("cifar10/", gzip: false, batches: [1, 2, 3, 4, 5]);
        folder.Write("cifar10/data_batch_3.bin", content);
        var message = Assert.Throws<DataException>(() => new Cifar10(new Cifar10Options()).Load(folder.Folders)).Message;
        Assert.StartsWith(folder["cifar10/data_batch_3.bin"], message);
        Assert.Contains(expected, message);
    }

    [Fact(Timeout = 60_000)]
    public void The_balanced_subset_is_read_and_noted()
    {
        var folders = RealData.With("cifar10");
        var dataset = new Cifar10(new Cifar10Options());
        var data = (ByteDataset)dataset.Load(folders);
        Assert.SkipWhen(data.Train.Count == 50_000, "skipped: data not found (the official set is here instead of the subset)");
        var shape = dataset.Describe(folders);
        Assert.Equal((10_000, 2_000), (shape.TrainCount, shape.TestCount));
        Assert.Equal((10_000, 2_000), (data.Train.Count, data.Test.Count));
        Assert.All(data.Train.Labels.ToArray().CountBy(label => label), pair => Assert.Equal(1000, pair.Value));
        Assert.Contains("not the official batches", Assert.Single(data.Notes));

        // Published for the full set; a fifth of it agrees within a percent.
        (double Mean, double Deviation)[] published = [(0.4914, 0.2470), (0.4822, 0.2435), (0.4465, 0.2616)];
        Assert.All(published.Index(), channel =>
        {
            Assert.Equal(channel.Item.Mean, data.Normalization.Mean(channel.Index), 0.01);
            Assert.Equal(channel.Item.Deviation, data.Normalization.Deviation(channel.Index), 0.005);
        });
    }

    // Labels start at the batch's number; pixels differ from batch to batch.
    private static byte[] Records(int count, int batch) =>
        [.. Enumerable.Range(0, count * RecordLength).Select(i => i % RecordLength == 0 ? (byte)((i / RecordLength) + batch) : (byte)(i * (batch + 3)))];

    private static byte[] WithoutLabels(byte[] records) => [.. records.Where((_, i) => i % RecordLength != 0)];

    private void WriteAll(string place, bool gzip, int[] batches)
    {
        foreach (var batch in batches)
        {
            Write($"data_batch_{batch}.bin", Records(3, batch));
        }

        Write("test_batch.bin", Records(2, 0));

        void Write(string name, byte[] content) => folder.Write(place + name + (gzip ? ".gz" : ""), gzip ? TemporaryFolder.Gzip(content) : content);
    }
}
