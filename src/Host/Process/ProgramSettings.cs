using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.Logging;
using Orchestrator.Abstractions;

namespace Orchestrator.Host;

/// <summary>
/// What a user keeps: a settings file, and over it environment variables. Options of the command
/// line win over both. Nothing of it changes a result.
/// </summary>
internal sealed record ProgramSettings
{
    /// <summary>The section with the levels of logs.</summary>
    public const string Logging = "Logging";

    private const string LevelPrefix = Logging + ":LogLevel:";

    private static readonly string[] Names = ["data", "plugins", "output", "threads"];

    /// <summary>Where data sets lie; none is <c>./data</c>.</summary>
    public IReadOnlyList<string> Data { get; private init; } = [];

    /// <summary>Folders with plugins beside the program's own.</summary>
    public IReadOnlyList<string> Plugins { get; private init; } = [];

    /// <summary>Where run folders are made and looked for.</summary>
    public string Output { get; private init; } = "runs";

    /// <summary>Compute threads.</summary>
    public int Threads { get; private init; } = Environment.ProcessorCount;

    /// <summary>Reads them.</summary>
    /// <exception cref="UserException">All that is wrong with them, at once.</exception>
    public static ProgramSettings Read(IConfigurationRoot configuration)
    {
        // Read at every start, so without what takes long where there is nothing to read.
        var mistakes = new List<string>();
        foreach (var provider in configuration.Providers)
        {
            if (provider is JsonConfigurationProvider file)
            {
                mistakes.AddRange(Keys(file, null).Where(key => !IsKnown(key)).Select(key => $"{Origin(file, key)}: there is no such setting{Nearest(key)}"));
            }
        }

        if (configuration.GetSection(Logging) is { } levels && levels.Exists())
        {
            CheckLevels(configuration, levels, mistakes);
        }

        var threads = Environment.ProcessorCount;
        if (configuration["threads"] is { Length: > 0 } text
            && (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out threads) || threads is < 1 or > 1024))
        {
            mistakes.Add($"{Origin(configuration, "threads")}: '{text}' is not a number of threads; 1 to 1024 are allowed");
        }

        var settings = new ProgramSettings
        {
            Data = Folders(configuration, "data", mistakes),
            Plugins = Folders(configuration, "plugins", mistakes),
            Output = Folders(configuration, "output", mistakes).FirstOrDefault() ?? "runs",
            Threads = threads,
        };
        return mistakes.Count == 0 ? settings : throw new UserException(string.Join("\n       ", mistakes));
    }

    private static void CheckLevels(IConfigurationRoot configuration, IConfigurationSection levels, List<string> mistakes)
    {
        foreach (var (key, value) in levels.AsEnumerable().Where(pair => pair.Key.StartsWith(LevelPrefix, StringComparison.OrdinalIgnoreCase)))
        {
            if (!Enum.TryParse<LogLevel>(value, ignoreCase: true, out _))
            {
                mistakes.Add($"{Origin(configuration, key)}: '{value}' is no level; {string.Join(", ", Enum.GetNames<LogLevel>())} are allowed");
            }
        }
    }

    // In a variable, relative to where the program was started; a file is read wherever that is.
    private static List<string> Folders(IConfigurationRoot configuration, string key, List<string> mistakes)
    {
        if (configuration[key] is not { Length: > 0 } text)
        {
            return [];
        }

        var folders = text.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        if (ProviderOf(configuration, key) is JsonConfigurationProvider file && Array.Find(folders, folder => !Path.IsPathFullyQualified(folder)) is { } relative)
        {
            mistakes.Add($"{Origin(file, key)}: '{relative}' is no absolute path");
        }

        return [.. folders.Select(Path.GetFullPath)];
    }

    private static bool IsKnown(string key) => Names.Contains(key, StringComparer.OrdinalIgnoreCase) || key.StartsWith(LevelPrefix, StringComparison.OrdinalIgnoreCase);

    private static string Nearest(string key) => NearestMatch.Find(key, Names) is { } match ? $"; did you mean '{match}'?" : $"; there are {string.Join(", ", Names)} and Logging";

    private static IEnumerable<string> Keys(IConfigurationProvider provider, string? parent) =>
        from name in provider.GetChildKeys([], parent).Distinct(StringComparer.OrdinalIgnoreCase)
        let key = parent is null ? name : $"{parent}:{name}"
        from leaf in provider.TryGet(key, out _) ? [key] : Keys(provider, key)
        select leaf;

    private static IConfigurationProvider? ProviderOf(IConfigurationRoot configuration, string key) => configuration.Providers.LastOrDefault(p => p.TryGet(key, out _));

    private static string Origin(IConfigurationRoot configuration, string key) => Origin(ProviderOf(configuration, key), key);

    private static string Origin(IConfigurationProvider? provider, string key) => provider is JsonConfigurationProvider file
        ? $"{SettingsFile.PathOf(file)}: {key}"
        : SettingsFile.Prefix + key.Replace(":", "__", StringComparison.Ordinal).ToUpperInvariant();
}
