using System.Globalization;
using Orchestrator.Abstractions;
using Parquet;
using Parquet.Schema;

namespace Orchestrator.Datasets;

/// <summary>
/// One Parquet file, read column by column, a group of rows at a time. Every failure is a
/// <see cref="DataException"/> that begins with the path.
/// </summary>
internal sealed class ParquetTable : IDisposable
{
    private static readonly Type[] Numbers =
        [typeof(float), typeof(double), typeof(bool), typeof(sbyte), typeof(byte), typeof(short), typeof(ushort), typeof(int), typeof(uint), typeof(long), typeof(ulong)];

    private readonly FileStream file;
    private readonly ParquetReader reader;
    private readonly IReadOnlyList<Field> fields;

    private ParquetTable(string path, FileStream file)
    {
        (Path, this.file) = (path, file);
        ParquetCheck.Footer(file);
        reader = Wait(ParquetReader.CreateAsync(file, leaveStreamOpen: true));
        fields = reader.Schema.Fields;
        var (rows, groups) = (0L, new List<int>());
        for (var group = 0; group < reader.RowGroupCount; group++)
        {
            using var rowGroup = reader.OpenRowGroupReader(group);
            groups.Add((int)Math.Clamp(rowGroup.RowCount, 0, RowTarget<byte>.MostSamples));
            rows += groups[^1];
        }

        RowsOf = groups;
        Rows = rows is > 0 and < RowTarget<byte>.MostSamples
            ? (int)rows
            : throw new InvalidDataException($"it claims {DataFile.Number(rows)} rows; 1 to {DataFile.Number(RowTarget<byte>.MostSamples)} are read");
    }

    public string Path { get; }

    public int Rows { get; }

    public int Groups => RowsOf.Count;

    /// <summary>Rows of each group.</summary>
    public IReadOnlyList<int> RowsOf { get; }

    public static ParquetTable Open(string path) => Guard.Reading(path, () =>
    {
        var file = RegularFile.Open(path, bufferSize: 1 << 16);
        try
        {
            return file.Length <= DataFile.MostContent
                ? new ParquetTable(path, file)
                : throw new DataException($"{path}: it holds {DataFile.Number(file.Length)} bytes; at most {DataFile.Number(DataFile.MostContent)} are read from one file");
        }
        catch
        {
            file.Dispose();
            throw;
        }
    });

    /// <summary>Names of the columns of numbers, in their order.</summary>
    public IEnumerable<string> NumberColumns => fields.OfType<DataField>().Where(IsNumber).Select(column => column.Name);

    /// <summary>A column of text or numbers by its name.</summary>
    public DataField Column(string name, string option) => Find(name, option) switch
    {
        DataField { IsArray: false } field when field.MaxRepetitionLevel == 0 => field,
        var other => throw Wrong($"column '{name}' ({option}) is a {other.SchemaType.ToString().ToLowerInvariant()}; single values are needed"),
    };

    /// <summary>A column of images by its name.</summary>
    public DataField ImageColumn(string name)
    {
        var field = Find(name, "image") is StructField holder ? holder.Fields.FirstOrDefault(inner => inner.Name == "bytes") : Find(name, "image");
        return field is DataField data && data.ClrType == typeof(ReadOnlyMemory<byte>) && data.MaxRepetitionLevel == 0
            ? data
            : throw Wrong($"column '{name}' (image) holds no bytes; PNG or JPEG bytes are needed, or a struct that has them as 'bytes'");
    }

    public static bool IsNumber(DataField field) => !field.IsArray && field.MaxRepetitionLevel == 0 && Numbers.Contains(field.ClrType);

    public static bool IsWhole(DataField field) => IsNumber(field) && field.ClrType != typeof(float) && field.ClrType != typeof(double);

    /// <summary>A column of numbers; null where a value is missing.</summary>
    public double?[] ReadNumbers(int group, DataField field) => Read(group, field, rows => System.Type.GetTypeCode(field.ClrType) switch
    {
        TypeCode.Single => Numeric<float>(rows, field, x => x),
        TypeCode.Double => Numeric<double>(rows, field, x => x),
        TypeCode.Boolean => Numeric<bool>(rows, field, x => x ? 1 : 0),
        TypeCode.SByte => Numeric<sbyte>(rows, field, x => x),
        TypeCode.Byte => Numeric<byte>(rows, field, x => x),
        TypeCode.Int16 => Numeric<short>(rows, field, x => x),
        TypeCode.UInt16 => Numeric<ushort>(rows, field, x => x),
        TypeCode.Int32 => Numeric<int>(rows, field, x => x),
        TypeCode.UInt32 => Numeric<uint>(rows, field, x => x),
        TypeCode.Int64 => Numeric<long>(rows, field, x => x),
        TypeCode.UInt64 => Numeric<ulong>(rows, field, x => x),
        _ => throw Wrong($"column '{Guard.Plain(field.Name)}' holds no numbers"),
    });

    /// <summary>
    /// A column of whole numbers as text, with every digit; null where a value is missing.
    /// </summary>
    public string?[] ReadWholeAsText(int group, DataField field) => System.Type.GetTypeCode(field.ClrType) switch
    {
        TypeCode.Int64 => Read(group, field, rows => AsText<long>(rows, field)),
        TypeCode.UInt64 => Read(group, field, rows => AsText<ulong>(rows, field)),
        _ => Array.ConvertAll(ReadNumbers(group, field), value => value?.ToString("R", CultureInfo.InvariantCulture)),
    };

    /// <summary>A column of text; null where a value is missing.</summary>
    public string?[] ReadTexts(int group, DataField field) => Read(group, field, rows => Array.ConvertAll(Values<ReadOnlyMemory<char>>(rows, field), text => text?.ToString()));

    /// <summary>A column of bytes; null where a value is missing.</summary>
    public ReadOnlyMemory<byte>?[] ReadBytes(int group, DataField field) => Read(group, field, rows => Values<ReadOnlyMemory<byte>>(rows, field));

    public DataException Wrong(string what) => new($"{Path}: {what}");

    public void Dispose()
    {
        Wait(reader.DisposeAsync());
        file.Dispose();
    }

    private static double?[] Numeric<T>(ParquetRowGroupReader rows, DataField field, Func<T, double> convert) where T : struct =>
        Array.ConvertAll(Values<T>(rows, field), value => value is { } given ? convert(given) : (double?)null);

    private static string?[] AsText<T>(ParquetRowGroupReader rows, DataField field) where T : struct, IFormattable =>
        Array.ConvertAll(Values<T>(rows, field), value => value?.ToString(null, CultureInfo.InvariantCulture));

    private static T?[] Values<T>(ParquetRowGroupReader rows, DataField field) where T : struct
    {
        var values = new T?[(int)rows.RowCount];
        if (field.IsNullable || field.MaxDefinitionLevel > 0)
        {
            Wait(rows.ReadAsync(field, values.AsMemory()));
            return values;
        }

        var plain = new T[values.Length];
        Wait(rows.ReadAsync(field, plain.AsMemory()));
        return Array.ConvertAll(plain, value => (T?)value);
    }

    private T Read<T>(int group, DataField field, Func<ParquetRowGroupReader, T> read) => Guard.Reading($"{Path}: column '{Guard.Plain(field.Name)}'", () =>
    {
        using var rows = reader.OpenRowGroupReader(group);
        ParquetCheck.Pages(file, rows.GetMetadata(field) ?? throw new InvalidDataException("a group of rows lacks the column"), rows.RowCount);
        return read(rows);
    });

    private Field Find(string name, string option) => fields.FirstOrDefault(field => field.Name == name)
        ?? throw Wrong($"there is no column '{name}' ({option}); there are {Guard.Names(name, [.. fields.Select(field => field.Name)])}");

    // The library is asynchronous, and the files are local.
    private static T Wait<T>(Task<T> task) => task.GetAwaiter().GetResult();

    private static void Wait(ValueTask task) => task.AsTask().GetAwaiter().GetResult();
}
