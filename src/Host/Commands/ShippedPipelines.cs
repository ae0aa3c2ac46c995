using System.CommandLine;
using Orchestrator.Abstractions;

namespace Orchestrator.Host;

/// <summary>
/// The pipelines that come with the program, beside it: they are found by name from anywhere, where
/// no file of that name is at hand.
/// </summary>
internal static class ShippedPipelines
{
    private const string Ending = ".json";

    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "pipelines");

    /// <summary>
    /// Their names, such as <c>quickstart</c> and <c>seeds/gap-aware/quadratic</c>.
    /// </summary>
    public static IReadOnlyList<string> Names { get => field ??= List(); }

    /// <summary>
    /// What names a pipeline: a file, or the name of one that comes with the program.
    /// </summary>
    public static Argument<string?> OrFile(ArgumentArity arity)
    {
        var argument = new Argument<string?>("file")
        {
            Description = "The pipeline: a JSON file (/dev/stdin and <(...) too), or the name of one that comes with the program, such as quickstart.",
            Arity = arity,
        };
        argument.ThatNames("file");
        argument.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var text }] && IsName(text) && !File.Exists(PathOf(text)))
            {
                result.AddError($"there is no file '{text}', and no pipeline of that name comes with the program{Meant(text)}");
            }
        });
        return argument;
    }

    /// <summary>The file that an argument stands for.</summary>
    public static string PathOf(string text) => IsName(text) ? Path.Combine(Folder, text + Ending) : text;

    // A file of that name comes first. What looks like a file's path is one.
    private static bool IsName(string text) =>
        text.Length > 0 && !text.EndsWith(Ending, StringComparison.OrdinalIgnoreCase) && !Path.IsPathRooted(text) && !text.Contains('\0')
        && text.Split('/').All(part => part.Length > 0 && part[0] != '.') && !Path.Exists(text);

    // A file without its ending, or a name with a typing error.
    private static string Meant(string text)
    {
        var files = Directory.EnumerateFiles(".", "*" + Ending, new EnumerationOptions()).Take(1000).Select(f => Path.GetFileNameWithoutExtension(f)).ToList();
        return NearestMatch.Find(text, files.Concat(Names)) is { } match ? $"; did you mean '{match}{(files.Contains(match) ? Ending : "")}'?" : "";
    }

    private static List<string> List() => !Directory.Exists(Folder) ? [] :
    [
        .. Directory.EnumerateFiles(Folder, "*" + Ending, SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Folder, file)[..^Ending.Length].Replace('\\', '/'))
            .Where(name => !name.EndsWith(".schema", StringComparison.Ordinal)).Order(StringComparer.Ordinal),
    ];
}
