using System.CommandLine;
using System.Globalization;
using Orchestrator.RunFolders;
using Orchestrator.Runs;

namespace Orchestrator.Host;

/// <summary>
/// <c>runs tag</c> and <c>runs note</c>: what a person says of runs, in their folders.
/// </summary>
internal static class AnnotateRuns
{
    private const int LongestTag = 100;

    public static Command BuildTag(Terminal terminal)
    {
        var selection = new RunSelection(terminal);
        var tag = new Argument<string>("tag") { Description = "A word without blanks or commas; it goes into notes.json of each run's folder." }.ThatNames("tag");
        tag.Validators.Add(result =>
        {
            var text = result.Tokens.Count > 0 ? result.Tokens[0].Value : "";
            if (text.Length > LongestTag || text.Any(c => char.IsWhiteSpace(c) || char.IsControl(c) || c == ','))
            {
                result.AddError($"tag: '{text}' is no tag; up to {LongestTag} characters without blanks or commas are allowed.");
            }
        });
        var remove = new Option<bool>("--remove") { Description = "Takes the tag away." };
        var command = new Command("tag", "Puts a tag on runs, by which 'runs list --where tag=...' finds them.\n\n"
            + "Examples:\n  orchestrator runs tag paper 3f2a 77bc\n  orchestrator runs tag broken --where status=failed\n  orchestrator runs tag paper 3f2a --remove") { tag };
        selection.AddTo(command);
        command.Add(remove);
        command.SetAction(parsed =>
        {
            var word = parsed.GetValue(tag)!;
            var runs = selection.Find(parsed);
            foreach (var run in runs)
            {
                Change(run, notes => notes with { Tags = [.. notes.Tags.Where(other => other != word).Concat(parsed.GetValue(remove) ? [] : [word]).Order(StringComparer.Ordinal)] });
            }

            terminal.Note(string.Create(CultureInfo.InvariantCulture, $"{runs.Count} runs {(parsed.GetValue(remove) ? "no longer have" : "have")} the tag {word}."));
            return ExitCodes.Ok;
        });
        return command;
    }

    public static Command BuildNote(Terminal terminal)
    {
        var (id, output) = (CommonOptions.Run("id"), CommonOptions.Output());
        output.Description = "Where run folders lie.";
        var text = new Argument<string?>("text") { Description = "The note, in the place of the one before; \"\" removes it. Without it the note is printed.", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("note", "Writes a note of a run into notes.json of its folder, or prints it.\n\n"
            + "Examples:\n  orchestrator runs note 3f2a \"the one with the warm-up\"\n  orchestrator runs note 3f2a") { id, text, output };
        command.SetAction(parsed =>
        {
            if (!RunSearch.TryFind(parsed.GetValue(output)!, parsed.GetValue(id)!, out var run, out var problem))
            {
                throw new UserException(problem);
            }

            if (parsed.GetValue(text) is { } note)
            {
                Change(run, notes => notes with { Note = note.Length == 0 ? null : note });
            }
            else if (Read(run).Note is { } written)
            {
                Terminal.Line(written);
            }

            return ExitCodes.Ok;
        });
        return command;
    }

    private static void Change(RunEntry run, Func<RunNotes, RunNotes> change)
    {
        try
        {
            change(Read(run)).Write(run.Folder);
        }
        catch (RecorderException failure)
        {
            throw new UserException(failure.Message, ExitCodes.Failed);
        }
    }

    private static RunNotes Read(RunEntry run) => RunNotes.Read(run.Folder, out var problem) is var notes && problem is null ? notes : throw new UserException(problem, ExitCodes.Failed);
}
