using Orchestrator.Abstractions;
using Parquet;

namespace Orchestrator.Datasets.Tests;

public sealed class ParquetTests : IDisposable
{
    private static readonly ParquetTableOptions Shared = new("own.parquet", TestShare: 0.25, Normalize: false);

    private static readonly Dictionary<string, (Func<byte[]> Content, ParquetTableOptions Options, string[] Message)> Hostile = new()
    {
        ["empty"] = (() => [], Shared, ["it does not end as a Parquet file"]),
        ["text"] = (() => "not a table at all, not even nearly"u8.ToArray(), Shared, ["it does not end as a Parquet file, with PAR1"]),
        ["truncated"] = (() => Numbers()[..^20], Shared, ["it does not end as a Parquet file"]),
        ["no label"] = (Numbers, Shared with { Label = "class" }, ["there is no column 'class' (label); there are a, b, c, label"]),
        ["no inputs"] = (Numbers, Shared with { Inputs = ["a", "d"] }, ["there is no column 'd' (inputs)"]),
        ["inputs in text"] = (
            () => ParquetBytes.Table(8, i => i, text: i => "x"), Shared with { Inputs = ["label"], Label = "b" }, ["column 'label' (inputs) holds no numbers"]),
        ["a label in fractions"] = (Numbers, Shared with { Label = "a" }, ["column 'a' (label) is of another type (Double); whole numbers or text are needed"]),
        ["a missing value"] = (
            () => ParquetBytes.Table(8, i => i == 5 ? null : i, i => i % 2), Shared,
            ["row group 1, row 1 (both counted from 0), column 'a': the value is missing"]),
        ["not a number"] = (
            () => ParquetBytes.Table(8, i => i == 2 ? double.NaN : i, i => i % 2), Shared, ["row group 0, row 2", "column 'a': NaN is no finite number"]),
        ["a missing label"] = (
            () => ParquetBytes.Table(8, i => i, i => i == 3 ? null : 0), Shared, ["row group 0, row 3 (both counted from 0): the label is missing"]),
        ["a missing word"] = (
            () => ParquetBytes.Table(8, i => i, text: i => i == 7 ? null : "x"), Shared, ["row group 1, row 3", "column 'label': it is empty"]),
        ["a negative label"] = (
            () => ParquetBytes.Table(8, i => i, i => i - 1), Shared, ["row group 0, row 0 (both counted from 0): the label is -1; labels are 0 to"]),
        ["too large a label"] = (Numbers, Shared with { ClassNames = ["x"] }, ["the label is 1; labels are 0 to 0"]),
        ["groups in fractions"] = (Numbers, Shared with { Group = "a" }, ["column 'a' (group) is of another type (Double)"]),
        ["a missing group"] = (
            () => ParquetBytes.Table(8, i => i, text: i => i == 2 ? null : "x"), Shared with { Label = "b", Group = "label" },
            ["row group 0, row 2", "column 'label': it is empty; a group"]),
        ["no image"] = (Numbers, Pictured with { Image = "a" }, ["column 'a' (image) holds no bytes"]),
        ["a missing image"] = (
            () => ParquetBytes.Images(4, i => i == 1 ? null : Pictures.Png(2, 2, 3, p => p)), Pictured,
            ["row group 0, row 1 (both counted from 0): the image is missing"]),
        ["a damaged image"] = (
            () => ParquetBytes.Images(4, i => i == 3 ? [1, 2] : Pictures.Png(2, 2, 3, p => p)), Pictured,
            ["row group 1, row 1 (both counted from 0): it starts with 0x0102"]),
    };

    private readonly TemporaryFolder folder = new();

    public static TheoryData<string> HostileNames => [.. Hostile.Keys];

    private static ParquetTableOptions Pictured => Shared with { Image = "image", Height = 2, Width = 2 };

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(CompressionMethod.None)]
    [InlineData(CompressionMethod.Snappy)]
    [InlineData(CompressionMethod.Gzip)]
    [InlineData(CompressionMethod.Zstd)]
    [InlineData(CompressionMethod.Brotli)]
    public void Columns_of_numbers_are_read_under_every_compression(CompressionMethod method)
    {
        folder.Write("own.parquet", ParquetBytes.Table(10, i => i / 4.0, i => i % 3, method: method));
        var dataset = new ParquetDataset(new ParquetTableOptions("own.parquet", "own.parquet", Normalize: false));
        var shape = dataset.Describe(folder.Folders);
        Assert.Equal([3], shape.Input);
        Assert.Equal(["0", "1", "2"], shape.ClassNames);
        Assert.Equal((10, 10, 20 * 16L), (shape.TrainCount, shape.TestCount, shape.Bytes));
        var data = dataset.Load(folder.Folders);
        Assert.Equal(Enumerable.Range(0, 10).SelectMany(i => new[] { i / 4f, 3 * i, i % 2 == 0 ? 1 : 0 }), Rows.Of(data.Train, 3));
        Assert.Equal(Enumerable.Range(0, 10).Select(i => i % 3), data.Test.Labels.ToArray());
    }

    [Fact]
    public void Rows_have_natural_groups_by_number_or_by_text()
    {
        folder.Write("own.parquet", ParquetBytes.Table(8, i => i, text: i => i % 3 == 0 ? "x" : "y"));
        var byNumber = new ParquetDataset(new ParquetTableOptions("own.parquet", "own.parquet", Group: "b", Normalize: false));
        var byText = new ParquetDataset(new ParquetTableOptions("own.parquet", "own.parquet", Label: "b", Group: "label", Inputs: ["a"], Normalize: false));

        Assert.Equal([2], byNumber.Describe(folder.Folders).Input);
        Assert.Equal(["0", "3", "6", "9", "12", "15", "18", "21"], byNumber.Describe(folder.Folders).GroupNames);
        Assert.Equal(Enumerable.Range(0, 8), byNumber.Load(folder.Folders).Train.Groups.ToArray());
        Assert.Equal(["x", "y"], byText.Describe(folder.Folders).GroupNames);
        Assert.Equal([0, 1, 1, 0, 1, 1, 0, 1], byText.Load(folder.Folders).Train.Groups.ToArray());
    }

    [Fact]
    public void Groups_are_told_apart_by_every_digit_of_their_numbers()
    {
        const long Large = 9_007_199_254_740_993;
        folder.Write("own.parquet", ParquetBytes.Table(4, i => i, i => Large + (i % 2)));
        var dataset = new ParquetDataset(new ParquetTableOptions("own.parquet", "own.parquet", Label: "c", Group: "label", Normalize: false));

        Assert.Equal(["9007199254740993", "9007199254740994"], dataset.Describe(folder.Folders).GroupNames);
        Assert.Equal([0, 1, 0, 1], dataset.Load(folder.Folders).Train.Groups.ToArray());
    }

    [Fact]
    public void Several_files_are_one_table_and_classes_may_be_words()
    {
        folder.Write("set/train-1.parquet", ParquetBytes.Table(4, i => 100 + i, text: i => "no"));
        folder.Write("set/train-0.parquet", ParquetBytes.Table(6, i => i, text: i => i % 2 == 0 ? "yes" : "no"));
        folder.Write("set/test.parquet", ParquetBytes.Table(2, i => i, text: _ => "yes"));
        var dataset = new ParquetDataset(new ParquetTableOptions("set/train-*.parquet", "set/test.parquet", Inputs: ["a"], Normalize: false, TrainLimit: 9));
        Assert.Equal(["no", "yes"], dataset.Describe(folder.Folders).ClassNames);
        var data = dataset.Load(folder.Folders);
        Assert.Equal([0f, 1, 2, 3, 4, 5, 100, 101, 102], Rows.Of(data.Train, 1));
        Assert.Equal([1, 0, 1, 0, 1, 0, 0, 0, 0], data.Train.Labels.ToArray());
        Assert.Equal([1, 1], data.Test.Labels.ToArray());
    }

    [Fact]
    public void A_column_of_values_takes_the_place_of_labels()
    {
        folder.Write("own.parquet", ParquetBytes.Table(6, i => i / 2.0, i => i));
        var data = new ParquetDataset(new ParquetTableOptions("own.parquet", "own.parquet", Value: "a", Inputs: ["b"], Normalize: false)).Load(folder.Folders);
        Assert.Equal([0f, 0.5f, 1, 1.5f, 2, 2.5f], data.Train.Values.ToArray());
        Assert.Equal([0f, 3, 6, 9, 12, 15], Rows.Of(data.Test, 1));
        folder.Write("own.parquet", ParquetBytes.Table(6, i => i == 4 ? null : i, i => i));
        var missing = Assert.Throws<DataException>(
            () => new ParquetDataset(new ParquetTableOptions("own.parquet", "own.parquet", Value: "a")).Describe(folder.Folders)).Message;
        Assert.Contains("row group 1, row 1 (both counted from 0), column 'a': the value is missing", missing);
    }

    [Fact]
    public void Images_are_decoded_and_their_rows_split()
    {
        folder.Write("own.parquet", ParquetBytes.Images(8, i => i == 7 ? Pictures.Jpeg : Pictures.Png(2, 2, 3, p => (16 * i) + p)));
        var dataset = new ParquetDataset(Pictured);
        Assert.Equal([3, 2, 2], dataset.Describe(folder.Folders).Input);
        var data = (ByteDataset)dataset.Load(folder.Folders);
        Assert.Equal((6, 2), (data.Train.Count, data.Test.Count));
        byte[][] images = [.. data.TrainSamples.Pixels.ToArray().Chunk(12), .. data.TestSamples.Pixels.ToArray().Chunk(12)];
        for (var i = 0; i < 7; i++)
        {
            var expected = Enumerable.Range(0, 12).Select(p => (byte)((16 * i) + (p % 4 * 3) + (p / 4))).ToArray();
            Assert.Contains(images, image => image.AsSpan().SequenceEqual(expected));
        }
    }

    [Theory(Timeout = 60_000)]
    [MemberData(nameof(HostileNames))]
    public void A_wrong_file_is_named_with_the_place(string name)
    {
        var (content, options, parts) = Hostile[name];
        folder.Write("own.parquet", content());
        var message = Assert.Throws<DataException>(() => new ParquetDataset(options).Load(folder.Folders)).Message;
        Assert.StartsWith(folder["own.parquet"], message);
        Assert.All(parts, part => Assert.Contains(part, message));
    }

    [Fact]
    public void Options_that_do_not_fit_are_refused()
    {
        Assert.Equal("testShare", Refused(new ParquetTableOptions("own.parquet")));
        Assert.Equal("width", Refused(Shared with { Image = "image", Height = 3 }));
        Assert.Equal("image", Refused(Shared with { Height = 3, Width = 3 }));
        Assert.Equal("inputs", Refused(Pictured with { Inputs = ["a"] }));
        Assert.Equal("channels", Refused(Pictured with { Channels = 2 }));

        string Refused(ParquetTableOptions options) => Assert.Throws<OptionException>(() => new ParquetDataset(options).Describe(folder.Folders)).Option;
    }

    private static byte[] Numbers() => ParquetBytes.Table(8, i => i / 2.0, i => i % 2);
}
