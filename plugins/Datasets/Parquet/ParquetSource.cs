using System.Globalization;
using Orchestrator.Abstractions;
using Parquet.Schema;

namespace Orchestrator.Datasets;

/// <summary>The files, their columns found and their labels read; their inputs are not.</summary>
internal sealed class ParquetSource
{
    private readonly ParquetTableOptions options;
    private readonly LabelSet texts;
    private readonly LabelSet groups = LabelSet.OfGroups();
    private readonly IReadOnlyList<Part> train;
    private readonly IReadOnlyList<Part> test;
    private readonly RowSplit? drawn;
    private readonly IReadOnlyList<string> inputs;
    private bool? areNumbers;

    public ParquetSource(ParquetTableOptions options, DataFolders folders)
    {
        this.options = options;
        TestPart.Check(options.TestFile, options.TestShare);
        TestPart.CheckValue(options.Value, options.ClassNames);
        CheckImage(options);
        texts = new LabelSet(options.ClassNames);
        var paths = NamedFile.FindAll(options.File, folders);
        inputs = InputNames(paths[0]);
        train = [.. paths.Select(path => LookThrough(path, options.Group))];
        test = options.TestFile is { } name ? [.. NamedFile.FindAll(name, folders).Select(path => LookThrough(path, group: null))] : [];
        drawn = options.TestShare is { } share ? RowSplit.Drawn(paths[0], Count(paths[0], train), share, options.SplitSeed, options.TrainLimit, options.TestLimit) : null;
        Shape = ShapeOf(paths[0]);
    }

    public DatasetShape Shape { get; }

    /// <summary>Reads columns of numbers.</summary>
    public RowTarget<float> ReadNumbers() => Read<float>((table, group, rows, target) =>
    {
        for (var column = 0; column < inputs.Count; column++)
        {
            var values = table.ReadNumbers(group, table.Column(inputs[column], "inputs"));
            foreach (var (row, place) in rows)
            {
                target.Row(place.IsTest, place.Number)[column] = Finite(table, group, row, inputs[column], values[row]);
            }
        }
    });

    /// <summary>Reads and decodes images.</summary>
    public RowTarget<byte> ReadImages() => Read<byte>((table, group, rows, target) =>
    {
        var decoder = new ImageDecoder(options.Channels, options.Height!.Value, options.Width!.Value);
        var files = table.ReadBytes(group, table.ImageColumn(options.Image!));
        Together.Run(rows.Count, i =>
        {
            var (row, place) = rows[i];
            var where = $"{table.Path}: row group {group}, row {row} (both counted from 0)";
            decoder.Decode(where, files[row]?.ToArray() ?? throw new DataException($"{where}: the image is missing"), target.Row(place.IsTest, place.Number));
        });
    });

    private delegate void Reading<T>(ParquetTable table, int group, List<(int Row, (bool IsTest, int Number) Place)> rows, RowTarget<T> target);

    private RowTarget<T> Read<T>(Reading<T> read)
    {
        var target = new RowTarget<T>(Shape);
        var first = 0;
        foreach (var (part, isTest) in train.Select(part => (part, false)).Concat(test.Select(part => (part, true))))
        {
            using var table = ParquetTable.Open(part.Path);
            for (int group = 0, start = 0; group < table.Groups; start += table.RowsOf[group], group++)
            {
                var rows = new List<(int, (bool, int))>();
                for (var row = 0; row < table.RowsOf[group] && start + row < part.Rows; row++)
                {
                    var drawnTest = drawn?.IsTest(first + start + row) ?? isTest;
                    if (!target.IsPartFull(drawnTest))
                    {
                        rows.Add((row, (drawnTest, target.Place(drawnTest, Of(part, start + row)))));
                    }
                }

                if (rows.Count > 0)
                {
                    read(table, group, rows, target);
                }
            }

            first += part.Rows;
        }

        return target;
    }

    private static void CheckImage(ParquetTableOptions options)
    {
        if (options.Image is null ? (options.Height ?? options.Width) is not null : options.Height is null || options.Width is null)
        {
            throw new OptionException(options.Image is null ? "image" : options.Height is null ? "height" : "width", "is missing; a column of images needs image, height and width");
        }

        if (options.Image is not null && options.Inputs is not null)
        {
            throw new OptionException("inputs", "are columns of numbers, and image names a column of images; give one of the two");
        }

        if (options.Channels == 2)
        {
            throw new OptionException("channels", "is 2; 1 (grey) and 3 (red, green, blue) are allowed");
        }
    }

    private static int Count(string where, IReadOnlyList<Part> parts)
    {
        var rows = parts.Sum(part => (long)part.Rows);
        return rows <= RowTarget<byte>.MostSamples
            ? (int)rows
            : throw new DataException($"{where}: there are {DataFile.Number(rows)} rows with the files beside it; at most {DataFile.Number(RowTarget<byte>.MostSamples)} are read");
    }

    private List<string> InputNames(string path)
    {
        using var table = ParquetTable.Open(path);
        var names = options.Image is not null ? [] : options.Inputs?.ToList() ?? table.NumberColumns.Where(name => name != (options.Value ?? options.Label) && name != options.Group).ToList();
        return names.Count > 0 || options.Image is not null ? names : throw table.Wrong("there is no column of numbers beside the one that is to be predicted");
    }

    private Part LookThrough(string path, string? group)
    {
        using var table = ParquetTable.Open(path);
        foreach (var name in inputs)
        {
            if (!ParquetTable.IsNumber(table.Column(name, "inputs")))
            {
                throw table.Wrong($"column '{Guard.Plain(name)}' (inputs) holds no numbers");
            }
        }

        if (options.Image is { } image)
        {
            table.ImageColumn(image);
        }

        var named = group is null ? [] : Groups(table, table.Column(group, "group"));
        if (options.Value is not null)
        {
            return new Part(path, table.Rows, [], [], Values(table), named);
        }

        var label = table.Column(options.Label, "label");
        var isNumber = ParquetTable.IsWhole(label);
        if ((!isNumber && label.ClrType != typeof(ReadOnlyMemory<char>)) || isNumber != (areNumbers ??= isNumber))
        {
            throw table.Wrong($"column '{Guard.Plain(label.Name)}' (label) is of another type ({Guard.Plain(label.ClrType.Name)}); whole numbers or text are needed, the same in all files");
        }

        var labels = new List<byte[]>();
        var numbers = new List<int>();
        for (var rows = 0; rows < table.Groups; rows++)
        {
            if (isNumber)
            {
                numbers.AddRange(table.ReadNumbers(rows, label).Select((value, row) => Class(table, rows, row, value)));
            }
            else
            {
                labels.AddRange(table.ReadTexts(rows, label).Select((value, row) => Text(table, rows, row, texts, options.Label, value)));
            }
        }

        return new Part(path, isNumber ? numbers.Count : labels.Count, numbers, labels, [], named);
    }

    private List<byte[]> Groups(ParquetTable table, DataField column)
    {
        if (!ParquetTable.IsWhole(column) && column.ClrType != typeof(ReadOnlyMemory<char>))
        {
            throw table.Wrong($"column '{Guard.Plain(column.Name)}' (group) is of another type ({Guard.Plain(column.ClrType.Name)}); whole numbers or text are needed");
        }

        var named = new List<byte[]>();
        for (var rows = 0; rows < table.Groups; rows++)
        {
            var names = ParquetTable.IsWhole(column)
                ? table.ReadWholeAsText(rows, column)
                : table.ReadTexts(rows, column);
            named.AddRange(names.Select((value, row) => Text(table, rows, row, groups, column.Name, value)));
        }

        return named;
    }

    private float[] Values(ParquetTable table)
    {
        var column = table.Column(options.Value!, "value");
        var values = new List<float>();
        for (var group = 0; group < table.Groups; group++)
        {
            values.AddRange(table.ReadNumbers(group, column).Select((value, row) => Finite(table, group, row, options.Value!, value)));
        }

        return [.. values];
    }

    private static float Finite(ParquetTable table, int group, int row, string column, double? value) => value is { } given && float.IsFinite((float)given)
        ? (float)given
        : throw table.Wrong($"row group {group}, row {row} (both counted from 0), column '{Guard.Plain(column)}': {(value is null ? "the value is missing" : $"{value} is no finite number")}");

    private int Class(ParquetTable table, int group, int row, double? value)
    {
        var most = (options.ClassNames?.Count ?? LabelNames.MostClasses) - 1;
        return value is >= 0 && value <= most
            ? (int)value
            : throw table.Wrong($"row group {group}, row {row} (both counted from 0): the label is {value?.ToString(CultureInfo.InvariantCulture) ?? "missing"}; labels are 0 to {most}");
    }

    private static byte[] Text(ParquetTable table, int group, int row, LabelSet set, string column, string? value)
    {
        // One array for all rows of a class.
        var text = set.Bytes(value ?? "");
        return set.Meet(text) is not { } mistake ? text : throw table.Wrong($"row group {group}, row {row} (both counted from 0), column '{Guard.Plain(column)}': {mistake}");
    }

    private Answer Of(Part part, int row)
    {
        var group = part.Groups.Count > 0 ? groups.Of(part.Groups[row]) : 0;
        return options.Value is not null ? new Answer(part.Values.AsSpan(row, 1)) { Group = group }
            : new Answer(areNumbers == true ? part.Numbers[row] : texts.Of(part.Texts[row])) { Group = group };
    }

    private DatasetShape ShapeOf(string where)
    {
        var (trainRows, testRows) = (Count(where, train), Count(where, test));
        var (trainCount, testCount) = drawn is null
            ? (Math.Min(trainRows, options.TrainLimit ?? trainRows), Math.Min(testRows, options.TestLimit ?? testRows))
            : (drawn.TrainCount, drawn.TestCount);
        int[] input = options.Image is null ? [inputs.Count] : [options.Channels, options.Height!.Value, options.Width!.Value];
        RowTarget<byte>.Check(where, trainCount, testCount, input);
        var names = options.Value is not null ? []
            : areNumbers == true ? LabelNames.Of(options.ClassNames, LabelNames.Count(options.ClassNames, train.Concat(test).Max(part => part.Numbers.Max()))) : texts.Names;
        return new DatasetShape(input, names, trainCount, testCount)
        {
            Values = options.Value is null ? 0 : 1,
            GroupNames = groups.Names,
            Bytes = (options.Group is null ? 0 : sizeof(int) * (long)trainCount) + (((long)trainCount + testCount) * ((input.Aggregate(1, (product, size) => product * size) * (options.Image is null ? sizeof(float) : sizeof(byte))) + sizeof(int))),
        };
    }

    private sealed record Part(string Path, int Rows, IReadOnlyList<int> Numbers, IReadOnlyList<byte[]> Texts, float[] Values, IReadOnlyList<byte[]> Groups);
}
