// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace TorchSharp;

public static partial class torch
{
    public static class backends
    {
        public static class cuda
        {
            public static class matmul
            {
                public static bool allow_tf32
                {
                    get => Native.mt_matmul_allows(0) != 0;
                    set => Native.mt_set_matmul_allows(0, value ? 1 : 0);
                }

                public static bool allow_fp16_reduced_precision_reduction
                {
                    get => Native.mt_matmul_allows(1) != 0;
                    set => Native.mt_set_matmul_allows(1, value ? 1 : 0);
                }
            }
        }
    }
}
