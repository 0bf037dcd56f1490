using static TorchSharp.torch;

namespace VocSeg.Torch;

/// <summary>Which stored pixels the pixels of a batch are made of; on the device.</summary>
/// <param name="Labels">int32 or int64 (samples, height, width): the stored pixel that each centre is in.</param>
/// <param name="Corners">
/// The same type, (2, 2, samples, height, width): the upper two and the lower two of the stored pixels that are
/// blended, the left one first; null where none are.
/// </param>
/// <param name="Down">float32 (samples, height, width or 1): the share of the lower two.</param>
/// <param name="Across">float32 (samples, height or 1, width): the share of the right ones.</param>
/// <param name="Outside">bool (samples, height, width): the pixels that are padded; null where none are.</param>
internal readonly record struct WarpPlaces(
    Tensor Labels, Tensor? Corners, Tensor? Down, Tensor? Across, Tensor? Outside)
{
    /// <summary>The places of samples, in the caller's dispose scope.</summary>
    internal static WarpPlaces Of(ReadOnlySpan<WarpView> views, ImageSize frame, Device device)
    {
        foreach (var view in views)
        {
            if (!view.Geometry.IsAxisAligned || view.Reduced is not null)
                return AffinePlaces.Of(views, frame, device);
        }
        return ScalePlaces.Of(views, frame, device);
    }

    /// <summary>The narrowest type that all places of samples fit in.</summary>
    internal static ScalarType TypeOf(ReadOnlySpan<WarpView> views)
    {
        foreach (var view in views)
        {
            if (view.Rows.Start + (view.Rows.Last + 2L) * view.Rows.Pitch > int.MaxValue)
                return ScalarType.Int64;
        }
        return ScalarType.Int32;
    }

    /// <summary>These tensors, moved out of a dispose scope.</summary>
    internal WarpPlaces MoveToOuter(TorchSharp.DisposeScope scope)
    {
        foreach (var tensor in new[] { Labels, Corners, Down, Across, Outside })
        {
            if (tensor is not null)
                scope.MoveToOuter(tensor);
        }
        return this;
    }
}
