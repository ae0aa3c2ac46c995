using System.Text;
using Orchestrator.Abstractions;
using Orchestrator.Composition;
using Orchestrator.RunFolders;

namespace Orchestrator.Reports;

/// <summary>
/// Figures for a paper in a folder, with their captions in <c>captions.md</c>. Captions of figures
/// that were written there before stay, as long as their figures do, and so does whatever else was
/// written into it.
/// </summary>
/// <param name="path">The folder; it is made where it is not there.</param>
public sealed class FigureFolder(string path)
{
    private const string CaptionsFile = "captions.md";
    private const int LargestCaptions = 1 << 20;
    private const string Ending = ".svg";

    // A caption has its figure's file; what somebody else wrote has none.
    private readonly List<(string? File, string Text)> paragraphs = [];
    private readonly List<string> files = [];

    /// <summary>What was written, full paths.</summary>
    public IReadOnlyList<string> Files => files;

    /// <summary>Makes the folder where it is not there, and sees whether files can be made in
    /// it.</summary>
    /// <exception cref="IOException">They cannot.</exception>
    /// <exception cref="UnauthorizedAccessException">It is not allowed.</exception>
    public void Open()
    {
        Directory.CreateDirectory(path);
        new FileStream(Path.Combine(path, $".{Guid.NewGuid():N}.tmp"), FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose).Dispose();
    }

    /// <summary>Draws figures and adds their captions.</summary>
    /// <param name="name">What their files' names begin with.</param>
    /// <param name="plots">The figures.</param>
    /// <exception cref="IOException">One cannot be written.</exception>
    internal void Write(string name, IEnumerable<Plot> plots)
    {
        foreach (var plot in plots)
        {
            Write($"{name}-{plot.Name}.svg", PlotFigure.Draw(plot), plot.Caption);
        }
    }

    /// <summary>Adds one figure with its caption.</summary>
    /// <param name="file">Its file's name.</param>
    /// <param name="drawing">Of it.</param>
    /// <param name="caption">What it shows.</param>
    /// <exception cref="IOException">It cannot be written, or the captions cannot be
    /// read.</exception>
    internal void Write(string file, Html drawing, string caption)
    {
        Directory.CreateDirectory(path);
        if (files.Count == 0)
        {
            ReadCaptions();
        }

        Put(file, drawing.ToString());
        var (at, text) = (paragraphs.FindIndex(one => one.File == file), Escape(caption));
        if (at < 0)
        {
            paragraphs.Add((file, text));
        }
        else
        {
            paragraphs[at] = (file, text);
        }

        Put(CaptionsFile, string.Concat(paragraphs.Select(one => one.File is null ? $"{one.Text}\n\n" : $"**{one.File}** {one.Text}\n\n")));
    }

    // Names are anybody's: no mark-up, and no line of its own.
    private static string Escape(string caption) => Printable.Line(caption).Replace("<", "\\<", StringComparison.Ordinal);

    private void ReadCaptions()
    {
        paragraphs.Clear();
        var file = Path.Combine(path, CaptionsFile);
        var text = File.Exists(file) ? Encoding.UTF8.GetString(RegularFile.ReadAllBytes(file, LargestCaptions)).TrimStart('\uFEFF').ReplaceLineEndings("\n") : "";
        foreach (var paragraph in text.Split("\n\n").Select(paragraph => paragraph.Trim('\n')).Where(paragraph => paragraph.Length > 0))
        {
            if (paragraph.Split("** ", 2) is not [['*', '*', .. var name], var caption] || !name.EndsWith(Ending, StringComparison.Ordinal))
            {
                paragraphs.Add((null, paragraph));
            }
            else if (File.Exists(Path.Combine(path, name)))
            {
                paragraphs.Add((name, caption));
            }
        }
    }

    private void Put(string file, string text)
    {
        var full = Path.GetFullPath(Path.Combine(path, file));
        WholeFile.Write(full, Encoding.UTF8.GetBytes(text));
        if (!files.Contains(full))
        {
            files.Add(full);
        }
    }
}
