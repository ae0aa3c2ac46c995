using System.ComponentModel;
using Orchestrator.Abstractions;

namespace Orchestrator.Datasets;

/// <summary>
/// Fashion-MNIST: 60,000 training and 10,000 test images of clothes, 28x28. Xiao, Rasul, Vollgraf,
/// 2017 (arXiv 1708.07747).
/// </summary>
[Description("Fashion-MNIST: 70,000 images of clothes, 28x28, ten classes.")]
[Plugin("fashion-mnist")]
internal sealed class FashionMnist(ImageFileOptions options) : IdxDataset(
    "fashion-mnist",
    ["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"],
    options)
{
    public override OfficialFiles Official => IdxFiles.FashionMnist;
}
