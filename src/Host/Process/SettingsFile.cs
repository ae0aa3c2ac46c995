using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Json;
using Orchestrator.Abstractions;

namespace Orchestrator.Host;

/// <summary>
/// Where settings come from: <c>orchestrator/settings.json</c> in the user's folder of
/// configurations, or the file that ORCHESTRATOR_SETTINGS names; then the variables. No file of the
/// current folder is read unasked: a plugin that it names would be run.
/// </summary>
internal static class SettingsFile
{
    /// <summary>What the program's variables begin with.</summary>
    public const string Prefix = "ORCHESTRATOR_";

    private const string Variable = Prefix + "SETTINGS";
    private const int LargestBytes = 1 << 20;

    /// <summary>Where settings are searched: the folder of the named file, or the user's own.</summary>
    public static string Folder => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named ? Path.GetDirectoryName(Path.GetFullPath(named))! : UsersFolder;

    private static string UsersFolder => Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData), "orchestrator");

    /// <summary>Adds them.</summary>
    /// <exception cref="UserException">A file that was named is not there, or no JSON
    /// object.</exception>
    public static void AddTo(IConfigurationBuilder configuration)
    {
        var named = Environment.GetEnvironmentVariable(Variable);
        var path = named ?? Path.Combine(UsersFolder, "settings.json");
        if (named is { Length: > 0 } || (named is null && File.Exists(path)))
        {
            Read(configuration, Path.GetFullPath(path), named is null ? path : $"{Variable}: {path}");
        }

        configuration.AddEnvironmentVariables(Prefix);
    }

    /// <summary>Where a provider's file lies.</summary>
    public static string PathOf(JsonConfigurationProvider provider) =>
        provider.Source.FileProvider?.GetFileInfo(provider.Source.Path ?? "").PhysicalPath ?? provider.Source.Path ?? "settings.json";

    private static void Read(IConfigurationBuilder configuration, string path, string asked)
    {
        try
        {
            // Looked at first: the provider would wait for a pipe.
            _ = RegularFile.ReadAllBytes(path, LargestBytes);
            configuration.AddJsonFile(path, optional: false, reloadOnChange: false);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or InvalidDataException or FormatException)
        {
            throw new UserException($"{asked}: the settings cannot be read: {failure.GetBaseException().Message}");
        }
    }
}
