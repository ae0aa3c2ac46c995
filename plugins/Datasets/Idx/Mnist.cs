using System.ComponentModel;
using Orchestrator.Abstractions;

namespace Orchestrator.Datasets;

/// <summary>
/// MNIST: 60,000 training and 10,000 test images of handwritten digits, 28x28. LeCun, Cortes,
/// Burges.
/// </summary>
[Description("MNIST: 70,000 images of handwritten digits, 28x28, ten classes.")]
[Plugin("mnist")]
internal sealed class Mnist(ImageFileOptions options) : IdxDataset("mnist", ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"], options)
{
    public override OfficialFiles Official => IdxFiles.Mnist;
}
