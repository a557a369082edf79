import type { Coding } from "./chart.ts";

const SNOMED = "http://snomed.info/sct";
const snomed = (code: string, display: string): Coding => ({ system: SNOMED, code, display });

export const conditionCodes = {
  colorectalCancer: snomed("363406005", "Malignant tumor of colon"),
  thalassaemia: snomed("40108008", "Thalassaemia"),
  pregnancy: snomed("77386006", "Pregnant"),
  hospice: snomed("385763009", "Hospice care"),
  urologicalCancer: snomed("399326009", "Malignant neoplasm of urinary bladder"),
  liverCancer: snomed("109841003", "Hepatocellular carcinoma"),
};

export const procedureCodes = {
  colonoscopy: snomed("73761001", "Colonoscopy"),
  totalColectomy: snomed("26390003", "Total colectomy"),
  cystoscopy: snomed("24139008", "Cystoscopy"),
  liverScan: snomed("45036003", "Ultrasonography of abdomen"),
};

export const referralCodes = {
  urology: snomed("306318004", "Referral to urologist"),
  hepatology: snomed("308476000", "Referral to gastroenterologist"),
};
