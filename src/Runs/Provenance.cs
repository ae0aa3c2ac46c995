using System.Reflection;
using Orchestrator.Abstractions;
using Orchestrator.Composition;
using Orchestrator.Engine;
using Orchestrator.Networks;
using Orchestrator.Numerics;
using Orchestrator.RunFolders;

namespace Orchestrator.Runs;

/// <summary>
/// Which program and which plugins made a run's results, by content, and what of it is not what it
/// was.
/// </summary>
public static class Provenance
{
    private const int DigitsShown = 12;

    /// <summary>
    /// What a run's bits come from; what shows, records or watches them does not count.
    /// </summary>
    private static readonly Assembly[] Assemblies =
    [
        typeof(IDataset).Assembly, typeof(RandomStreams).Assembly, typeof(Network).Assembly, typeof(Training).Assembly,
        typeof(Pipeline).Assembly, typeof(Provenance).Assembly,
    ];

    /// <summary>The program's assemblies that results depend on.</summary>
    public static IReadOnlyList<RecordedAssembly> Program { get => field ??= [.. Assemblies.Select(Recorded)]; }

    /// <summary>The plugins that a pipeline uses, each once.</summary>
    public static IReadOnlyList<RecordedPlugin> PluginsOf(ResolvedPipeline pipeline) =>
        [.. pipeline.Sections.DistinctBy(section => section.Plugin).Select(section => Recorded(section.Plugin, section.Content))];

    /// <summary>The program's assemblies that are not what they were, each in words.</summary>
    public static IEnumerable<string> ProgramChanges(RunDescription then, RunDescription now) =>
        from before in then.Program ?? []
        let after = now.Program?.FirstOrDefault(a => a.Assembly == before.Assembly)
        where after is null || !Hashes(before).IsSameAs(Hashes(after))
        select Changed($"the program's {before.Assembly}", before.Version, before.Files, after?.Version, after?.Files);

    /// <summary>
    /// The plugins that are not what they were, each in words. A transport carries results and
    /// makes none.
    /// </summary>
    public static IEnumerable<string> PluginChanges(IReadOnlyList<RecordedPlugin>? then, IReadOnlyList<RecordedPlugin>? now) =>
        from before in then ?? []
        where before.Kind != PluginKind.Transport.Name
        let after = now?.FirstOrDefault(p => p.Kind == before.Kind && p.Name == before.Name)
        where after is not null && !Hashes(before).IsSameAs(Hashes(after))
        select Changed($"the {before.Title} of {before.Assembly}", before.Version, before.Files, after.Version, after.Files);

    /// <summary>
    /// Whether a file that the pipeline names is not what it was, in words; null where it is, or
    /// where the pipeline is another.
    /// </summary>
    /// <param name="then">The recorded run.</param>
    /// <param name="now">Its pipeline, read again.</param>
    /// <param name="isReplayed">Whether it is replayed from its own record. Then the schedule that it
    /// followed is not needed, and may be gone; of such a run no other file can be told to be as it
    /// was either, because there is one hash of all.</param>
    public static string? FileChange(RunDocument then, ResolvedPipeline now, bool isReplayed = false) =>
        !(isReplayed && now.Schedule is not null) && then.Run.Content is { } content && content != now.ContentHash && then.Id == now.Id ? "a file that the pipeline names holds something else" : null;

    /// <summary>
    /// What is the same in other files, and what cannot be told: worth a line, and no more.
    /// </summary>
    public static IEnumerable<string> Notes(RunDescription then, RunDescription now)
    {
        if (then.Plugins is null || then.Program is null)
        {
            yield return "the run was recorded before runs said which files made them: program and plugins are not compared";
        }

        var others = from before in then.Plugins ?? []
                     let after = now.Plugins?.FirstOrDefault(p => p.Kind == before.Kind && p.Name == before.Name)
                     where after is not null && before.Files != after.Files && Hashes(before).IsSameAs(Hashes(after))
                     select before.Assembly;
        var programs = from before in then.Program ?? []
                       let after = now.Program?.FirstOrDefault(a => a.Assembly == before.Assembly)
                       where after is not null && before.Files != after.Files && Hashes(before).IsSameAs(Hashes(after))
                       select before.Assembly;
        if (programs.Concat(others).Distinct().ToList() is { Count: > 0 } same)
        {
            yield return $"the same code in other files, compiled ahead on one side: {string.Join(", ", same)}";
        }
    }

    private static RecordedAssembly Recorded(Assembly assembly)
    {
        var (name, content) = (assembly.GetName(), ProgramContent.Of(assembly));
        return new RecordedAssembly(name.Name!, name.Version!.ToString(), content.Files, content.Code, content.IsCompiledAhead);
    }

    private static RecordedPlugin Recorded(PluginDescription plugin, ContentHashes content) => new(
        plugin.Kind.Name, plugin.Name, Path.GetFileNameWithoutExtension(plugin.File), plugin.Version.ToString(), content.Files, content.Code, content.IsCompiledAhead);

    private static ContentHashes Hashes(RecordedAssembly recorded) => new(recorded.Files, recorded.Code, recorded.IsCompiledAhead);

    private static ContentHashes Hashes(RecordedPlugin recorded) => new(recorded.Files, recorded.Code, recorded.IsCompiledAhead);

    private static string Changed(string what, string versionBefore, string before, string? versionNow, string? now) => now is null
        ? $"{what} {versionBefore} ({Short(before)}) is not there"
        : $"{what} was {versionBefore} ({Short(before)}) and is {versionNow} ({Short(now)})";

    // Whatever a run.json holds in the place of a hash.
    private static string Short(string hash) => hash.Length > DigitsShown ? hash[..DigitsShown] : hash;
}
