using System.Runtime.CompilerServices;
using Orchestrator.Abstractions;

namespace Orchestrator.Datasets.Tests;

/// <summary>
/// Files that other programs write: DuckDB's, which are here, and those of pandas, where Python has
/// it with something that writes Parquet.
/// </summary>
public sealed class OtherWritersTests
{
    [Theory]
    [InlineData("snappy")]
    [InlineData("gzip")]
    [InlineData("zstd")]
    [InlineData("lz4_raw")]
    [InlineData("v2")]
    public void DuckDBs_columns_are_read_with_dictionaries_under_every_compression(string file)
    {
        var options = new ParquetTableOptions($"{file}.parquet", $"{file}.parquet", Inputs: ["a", "b", "c", "e"], Group: "person", Normalize: false);
        var (shape, data) = (new ParquetDataset(options).Describe(Folder()), new ParquetDataset(options).Load(Folder()));

        Assert.Equal(Enumerable.Range(0, 60).SelectMany(i => new[] { i / 4f, 3 * i, 1 - (i % 2), i * 0.5f }), Rows.Of(data.Train, 4));
        Assert.Equal(Enumerable.Range(0, 60).Select(i => i % 3), data.Train.Labels.ToArray());
        Assert.Equal(["ann", "bob", "cy, the third"], shape.GroupNames);
        Assert.Equal(Enumerable.Range(0, 60).Select(i => i % 3), data.Train.Groups.ToArray());
    }

    [Fact]
    public void DuckDBs_images_are_read_from_a_struct_of_bytes_and_path()
    {
        var options = new ParquetTableOptions("images.parquet", "images.parquet", Image: "image", Height: 4, Width: 4);
        var data = (ByteDataset)new ParquetDataset(options).Load(Folder());

        Assert.Equal([0, 1, 0, 1, 0, 1], data.Train.Labels.ToArray());
        Assert.Equal(
            Enumerable.Range(0, 48).Select(i => (byte)((i % 16 / 4 * 40) + (i % 4 * 10) + (i / 16))), data.TrainSamples.Pixels[..48].ToArray());
    }

    [Fact]
    public void A_null_of_DuckDB_is_refused_with_its_place() => Assert.Contains(
        "null.parquet: row group 0, row 7 (both counted from 0), column 'a': the value is missing",
        Assert.Throws<DataException>(() => new ParquetDataset(new ParquetTableOptions("null.parquet", "null.parquet")).Load(Folder())).Message);

    [Theory(Timeout = 120_000)]
    [InlineData("snappy")]
    [InlineData("gzip")]
    [InlineData("zstd")]
    public async Task What_pandas_writes_as_Parquet_is_read(string compression)
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["."]);
        const string Script = """
            import sys, pandas as pd
            try:
                pd.DataFrame({'x': [i / 4 for i in range(20)], 'label': ['ab'[i % 2] for i in range(20)]}).to_parquet(sys.argv[1], compression=sys.argv[2])
            except ImportError:
                raise ModuleNotFoundError('no writer of Parquet')
            """;
        Assert.SkipUnless(await Python.Run(Script, folder["own.parquet"], compression), "skipped: no Python with pandas and pyarrow or fastparquet here");
        var data = new ParquetDataset(new ParquetTableOptions("own.parquet", "own.parquet", Inputs: ["x"], Normalize: false)).Load(folder.Folders);

        Assert.Equal(Enumerable.Range(0, 20).Select(i => i / 4f), Rows.Of(data.Train, 1));
        Assert.Equal(Enumerable.Range(0, 20).Select(i => i % 2), data.Train.Labels.ToArray());
    }

    [Fact(Timeout = 120_000)]
    public async Task What_pandas_writes_as_csv_is_read()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["."]);
        const string Script = """
            import sys, csv, numpy as np, pandas as pd
            r = np.random.RandomState(4)
            table = pd.DataFrame({'x': r.randn(50) * 1e-7, 'a, b': r.randint(-9, 9, 50), 'on': np.arange(50) % 2 == 0,
                                  'species': pd.Categorical(['iris "x"' if i % 3 else 'two\nlines' for i in range(50)]), 'user': np.arange(50) // 10})
            table.to_csv(sys.argv[1], index=False)
            table.to_csv(sys.argv[2], sep=';', quoting=csv.QUOTE_NONNUMERIC, lineterminator='\r\n', encoding='utf-8-sig', compression='gzip')
            table['x'].astype('<f4').to_numpy().tofile(sys.argv[3])
            table.loc[7, 'x'] = np.nan
            table.to_csv(sys.argv[4], index=False)
            """;
        string[] files = [folder["a.csv"], folder["b.csv.gz"], folder["x.bin"], folder["missing.csv"]];
        Assert.SkipUnless(await Python.Run(Script, files), "skipped: no Python with pandas here");
        var x = new float[50];
        Buffer.BlockCopy(File.ReadAllBytes(folder["x.bin"]), 0, x, 0, 200);
        var options = new CsvOptions("a.csv", "a.csv", Label: "species", Inputs: ["x", "a, b"], Group: "user", Normalize: false);

        var plain = new Csv(options).Load(folder.Folders);
        var quoted = new Csv(options with { File = "b.csv.gz", TestFile = "b.csv.gz", Separator = ";" }).Load(folder.Folders);

        Assert.Equal(x, Rows.Of(plain.Train, 2).Where((_, i) => i % 2 == 0));
        Assert.Equal(plain.Fingerprint, quoted.Fingerprint);
        Assert.Equal(["iris \"x\"", "two\nlines"], new Csv(options).Describe(folder.Folders).ClassNames);
        Assert.Equal(Enumerable.Range(0, 50).Select(i => i / 10), plain.Train.Groups.ToArray());
        var missing = Assert.Throws<DataException>(() => new Csv(options with { File = "missing.csv", TestFile = "a.csv" }).Load(folder.Folders)).Message;
        Assert.Contains("column 'x': the value is missing", missing, StringComparison.Ordinal);
        var words = Assert.Throws<DataException>(() => new Csv(options with { Inputs = ["x", "on"] }).Load(folder.Folders)).Message;
        Assert.Contains("line 2: column 'on': 'True' is no finite number", words, StringComparison.Ordinal);
    }

    private static DataFolders Folder([CallerFilePath] string source = "") => new([Path.Combine(Path.GetDirectoryName(source)!, "DuckDB")]);
}
