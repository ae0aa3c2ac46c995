using Orchestrator.Abstractions;

namespace Orchestrator.Datasets;

/// <summary>
/// The images and the labels of one part, training or test, opened and found to fit together.
/// </summary>
internal sealed class IdxPart : IDisposable
{
    private const int Classes = 10;

    private readonly IdxFile images;
    private readonly IdxFile labels;

    public IdxPart(string imagePath, string labelPath, int? limit)
    {
        images = IdxFile.Open(imagePath, IdxFile.Images);
        try
        {
            labels = IdxFile.Open(labelPath, IdxFile.Labels);
        }
        catch
        {
            images.Dispose();
            throw;
        }

        if (labels.Count != images.Count)
        {
            using (this)
            {
                throw labels.Wrong($"its header says {labels.Count} labels; {imagePath} has {images.Count} images");
            }
        }

        Count = Math.Min(limit ?? int.MaxValue, images.Count);
    }

    /// <summary>Samples to use.</summary>
    public int Count { get; }

    public int Height => (int)images.Sizes[1];

    public int Width => (int)images.Sizes[2];

    public RawImages Read()
    {
        var classes = Array.ConvertAll(labels.Read(Count), label => (int)label);
        var wrong = Array.FindIndex(classes, label => label >= Classes);
        if (wrong >= 0)
        {
            throw labels.Wrong($"label number {wrong} (counted from 0) is {classes[wrong]}; labels are 0 to {Classes - 1}");
        }

        return new RawImages(images.Read(Count), classes);
    }

    public DataException Wrong(string what) => images.Wrong(what);

    public void Dispose()
    {
        images.Dispose();
        labels.Dispose();
    }
}
