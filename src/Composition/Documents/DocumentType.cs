using System.Reflection.Metadata;

namespace Orchestrator.Composition;

/// <summary>
/// What a pipeline document can hold, read from the metadata of <see cref="ResolvedPipeline"/> as a
/// plugin's options are from its record.
/// </summary>
internal static class DocumentType
{
    public const string OptimizerKey = "optimizer";
    public const string SchemaKey = "$schema";
    public const string ExtendsKey = "extends";
    public const string SweepKey = "sweep";

    /// <summary>In the section of <see cref="SweepKey"/>.</summary>
    public const string WhereKey = "where";
    public const string TelemetryKey = "telemetry";
    public const string EndpointKey = "endpoint";
    public const string ScheduleKey = "schedule";
    public const string StreamsKey = "streams";
    public const string InitialKey = "initial";
    public const string FromKey = "from";

    /// <summary>Keys that are no settings of a run.</summary>
    public static readonly string[] OtherKeys = [SchemaKey, ExtendsKey, TelemetryKey, SweepKey];

    private static readonly Lazy<RecordType> Document = new(() => Read(typeof(ResolvedPipeline)));
    private static readonly Lazy<RecordType> TelemetrySection = new(() => Read(typeof(TelemetrySettings)));
    private static readonly Lazy<RecordType> SweepSection = new(() => Read(typeof(SweepSettings)));

    /// <summary>The whole document without the keys that are handled before binding.</summary>
    public static RecordType Root => Document.Value;

    /// <summary>What the key <c>telemetry</c> holds.</summary>
    public static RecordType Telemetry => TelemetrySection.Value;

    /// <summary>What the key <c>sweep</c> holds.</summary>
    public static RecordType Sweep => SweepSection.Value;

    /// <summary>What the section at a path has with every plugin, besides <c>type</c>.</summary>
    public static IReadOnlySet<string> CommonKeys(string path)
    {
        var common = TypeAt(path) is SectionType { Common: { } options } ? options.Options.Select(o => o.Name) : [];
        return common.Append(Merge.TypeKey).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>Whether a plugin stands at a path, so that a string is its short form.</summary>
    public static bool IsSection(string path) => TypeAt(path) is SectionType;

    private static OptionType? TypeAt(string path)
    {
        OptionType? type = Root;
        foreach (var step in PathText.Split(path) ?? [])
        {
            type = type switch
            {
                RecordType record => record.Find(step)?.Type,
                SectionType { Common: { } common } => common.Find(step)?.Type,
                ListType list when step.All(char.IsAsciiDigit) => list.Element,
                _ => null,
            };
        }

        return type;
    }

    // This program's own metadata says the same at every start, so it is kept as what plugins'
    // metadata says.
    private static RecordType Read(Type record)
    {
        var (cache, name) = (new DescriptionCache(PluginCache.Users), DescriptionCache.NameOf(record.Name, []));
        if (cache.Read(name, reader => reader.Document()) is not { } type)
        {
            type = ReadMetadata(record);
            cache.Write(name, new DescriptionWriter().Type(type));
        }

        return type;
    }

    internal static unsafe RecordType ReadMetadata(Type record)
    {
        if (!System.Reflection.Metadata.AssemblyExtensions.TryGetRawMetadata(typeof(DocumentType).Assembly, out var blob, out var length))
        {
            throw new InvalidOperationException("This program's own metadata cannot be read.");
        }

        var options = new OptionReader(new MetadataReader(blob, length));
        return options.Record(options.Definition(record.FullName!));
    }
}
