using System.Text;
using Orchestrator.Abstractions;
using Orchestrator.Composition;
using Orchestrator.RunFolders;

namespace Orchestrator.Reports;

/// <summary>
/// Figures for a paper in a folder, with their captions in <c>captions.md</c>. Captions of figures
/// that were written there before stay, as long as their figures do.
/// </summary>
/// <param name="path">The folder; it is made where it is not there.</param>
public sealed class FigureFolder(string path)
{
    private const string CaptionsFile = "captions.md";
    private const int LargestCaptions = 1 << 20;

    private readonly OrderedDictionary<string, string> captions = new(StringComparer.Ordinal);
    private readonly List<string> files = [];

    /// <summary>What was written, full paths.</summary>
    public IReadOnlyList<string> Files => files;

    /// <summary>Draws figures and adds their captions.</summary>
    /// <param name="name">What their files' names begin with.</param>
    /// <param name="plots">The figures.</param>
    /// <exception cref="RecorderException">One cannot be written.</exception>
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
    /// <exception cref="RecorderException">It cannot be written.</exception>
    internal void Write(string file, Html drawing, string caption)
    {
        Directory.CreateDirectory(path);
        if (files.Count == 0)
        {
            ReadCaptions();
        }

        Put(file, drawing.ToString());
        captions[file] = Escape(caption);
        Put(CaptionsFile, string.Concat(captions.Select(one => $"**{one.Key}** {one.Value}\n\n")));
    }

    // Names are anybody's: no mark-up, and no line of its own.
    private static string Escape(string caption) => Printable.Line(caption).Replace("<", "\\<", StringComparison.Ordinal);

    private void ReadCaptions()
    {
        var file = Path.Combine(path, CaptionsFile);
        try
        {
            foreach (var paragraph in File.Exists(file) ? Encoding.UTF8.GetString(RegularFile.ReadAllBytes(file, LargestCaptions)).Split("\n\n") : [])
            {
                if (paragraph.Split("** ", 2) is [['*', '*', .. var name], var caption] && File.Exists(Path.Combine(path, name)))
                {
                    captions[name] = caption;
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What cannot be read cannot be written either, which says why; or it is no captions.md of ours.
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
