// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace TorchSharp;

public static partial class torch
{
    public static class nn
    {
        public enum Reduction : long
        {
            None,
            Mean,
            Sum,
        }

        public static class functional
        {
            public static Tensor linear(Tensor input, Tensor weights, Tensor bias = null) =>
                Native.Call("linear", input, weights, bias);

            public static Tensor layer_norm(Tensor input, long[] normalized_shape, Tensor weight = null,
                Tensor bias = null, double eps = 1E-05) =>
                Native.Call("layer_norm", input, normalized_shape, weight, bias, eps);

            public static Tensor gelu(Tensor x) =>
                Native.Call("gelu", x);

            public static Tensor relu(Tensor x, bool inplace = false) =>
                inplace ? Native.CallInPlace(x, "relu_", x) : x.relu();

            public static Tensor silu(Tensor x, bool inplace = false) =>
                inplace ? Native.CallInPlace(x, "silu_", x) : x.silu();

            public static Tensor softmax(Tensor input, long dim, ScalarType? dtype = null) =>
                input.softmax(dim, dtype);

            public static Tensor log_softmax(Tensor x, long dim) =>
                x.log_softmax(dim);

            public static Tensor dropout(Tensor input, double p = 0.5, bool training = true, bool inplace = false) =>
                inplace ? Native.CallInPlace(input, "dropout_", input, p, training)
                : Native.Call("dropout", input, p, training);

            public static Tensor conv2d(Tensor input, Tensor weight, Tensor bias = null, long[] strides = null,
                long[] padding = null, long[] dilation = null, long groups = 1) =>
                Native.Call("conv2d", input, weight, bias, strides ?? [1, 1], padding ?? [0, 0],
                    dilation ?? [1, 1], groups);

            public static Tensor cross_entropy(Tensor input, Tensor target, Tensor weight = null,
                long ignore_index = -100, Reduction reduction = Reduction.Mean, double label_smoothing = 0) =>
                Native.Call("cross_entropy_loss", input, target, weight, (long)reduction, ignore_index,
                    label_smoothing);

            public static Tensor normalize(Tensor input, double p = 2, long dim = 1, double eps = 1E-12) =>
                input.div(Native.Call("norm.ScalarOpt_dim", input, p, new[] { dim }, true).clamp(eps).expand_as(input));

            public static Tensor one_hot(Tensor x, long num_classes = -1) =>
                Native.Call("one_hot", x, num_classes);

            public static Tensor scaled_dot_product_attention(Tensor query, Tensor key, Tensor value,
                Tensor attn_mask = null, double p = 0, bool is_casual = false) =>
                p == 0 && !is_casual
                    ? Attend(query, key, value, attn_mask)
                    : throw new NotSupportedException("Here attention has neither dropout nor order.");

            private static Tensor Attend(Tensor query, Tensor key, Tensor value, Tensor mask)
            {
                Tensor scores = query.mul(1 / Math.Sqrt(query.size(-1))).matmul(key.transpose(-2, -1));
                if (mask is not null) scores = scores.add(mask);
                return scores.softmax(-1).matmul(value);
            }
        }
    }
}
