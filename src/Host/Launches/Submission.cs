using System.Text.Json.Nodes;
using Orchestrator.Abstractions;
using Orchestrator.Composition;
using Orchestrator.Runs;
using Spectre.Console;

namespace Orchestrator.Host;

/// <summary>Writes the files of a launch and submits it, or shows what it would be.</summary>
/// <param name="terminal">Where it speaks.</param>
/// <param name="profile">The launcher.</param>
/// <param name="output">The folder of all runs.</param>
/// <param name="isJson">Whether standard output holds one JSON document.</param>
/// <param name="stop">Ends it before anything is submitted.</param>
internal sealed class Submission(Terminal terminal, LaunchProfile profile, string output, bool isJson, CancellationToken stop)
{
    // What a Slurm takes that says nothing else.
    private const int UsualArray = 1001;

    public ILauncher Launcher => profile.Launcher;

    /// <summary>How a shell starts this program there.</summary>
    public string Command(IEnumerable<string> arguments)
    {
        var words = arguments.ToList();
        if (Launcher.Terms.Command is { } command)
        {
            return string.Join(' ', words.Select(ShellWord.Quote).Prepend(command));
        }

        var own = OwnProgram.Command(words);
        return string.Join(' ', own.ArgumentList.Prepend(own.FileName).Select(ShellWord.Quote));
    }

    /// <summary>The largest number of tasks; a usual one where nothing is asked.</summary>
    public int LargestArray(bool isDry) => isDry ? UsualArray : Launcher.LargestArray(stop);

    /// <summary>Says that nothing would be submitted.</summary>
    /// <param name="failed">Runs that have failed.</param>
    public int Nothing(int failed)
    {
        Show([], failed == 0 ? "nothing: all runs are done" : $"nothing: {failed} runs have failed, which --retry runs again, and all others are done");
        return ExitCodes.Ok;
    }

    /// <summary>Submits.</summary>
    /// <param name="pipeline">The pipeline's name.</param>
    /// <param name="sweep">The sweep's folder; null for a single run.</param>
    /// <param name="request">Makes the request, from the launch's folder.</param>
    /// <param name="files">Files of its own.</param>
    /// <param name="says">What it is, in a few words.</param>
    /// <param name="isDry">Whether scripts are shown, and nothing is written or submitted.</param>
    /// <returns>The exit code.</returns>
    public int Submit(string pipeline, string? sweep, Func<LaunchFolder, LaunchRequest> request, IReadOnlyList<LaunchFile> files, string says, bool isDry)
    {
        if (isDry)
        {
            Show(Launcher.Write(request(LaunchFolder.Next(output, pipeline))), says);
            return ExitCodes.Ok;
        }

        var folder = LaunchFolder.Make(output, pipeline);
        folder.Write(new LaunchFile(LaunchFolder.ProfileName, profile.Json + "\n"));
        var asked = request(folder);
        foreach (var file in (IEnumerable<LaunchFile>)[.. files, .. Launcher.Write(asked)])
        {
            folder.Write(file);
        }

        var job = Submit(asked, folder);
        folder.Write(new LaunchRecord { Launcher = profile.Name, Pipeline = pipeline, Sweep = sweep, Job = job.Id, Tasks = job.Tasks });
        if (isJson)
        {
            Terminal.Line(new JsonObject
            {
                ["launch"] = folder.Name,
                ["folder"] = folder.FullPath,
                ["launcher"] = profile.Name,
                ["job"] = job.Id,
                ["tasks"] = job.Tasks,
                ["sweep"] = sweep,
            }.ToJsonString());
        }
        else
        {
            terminal.Out.WriteLine($"{profile.Name} has {folder.Name} as job {job.Id}: {says}.");
            terminal.Out.WriteLine($"Nothing needs this terminal any more: orchestrator launch status {ShellWord.Quote(folder.FullPath)}");
        }

        return ExitCodes.Ok;
    }

    // Of what was refused nothing is left.
    private SubmittedJob Submit(LaunchRequest asked, LaunchFolder folder)
    {
        try
        {
            return Launcher.Submit(asked, stop);
        }
        catch
        {
            Directory.Delete(folder.FullPath, recursive: true);
            throw;
        }
    }

    private void Show(IReadOnlyList<LaunchFile> scripts, string says)
    {
        if (isJson)
        {
            Terminal.Line(new JsonObject
            {
                ["launcher"] = profile.Name,
                ["says"] = says,
                ["scripts"] = new JsonObject(scripts.Select(script => KeyValuePair.Create(script.Name, (JsonNode?)script.Text))),
            }.ToJsonString());
            return;
        }

        terminal.Note($"{profile.Name} would get {says}.{(scripts.Count > 0 ? " The first script is submitted." : "")}");
        foreach (var script in scripts)
        {
            Terminal.Line($"# ---- {script.Name}");
            Terminal.Line(script.Text.TrimEnd('\n'));
        }
    }
}
