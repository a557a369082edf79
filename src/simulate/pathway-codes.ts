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
  lungCancer: snomed("254637007", "Non-small cell lung cancer"),
  tuberculosis: snomed("56717001", "Tuberculosis"),
  hypothyroidism: snomed("40930008", "Hypothyroidism"),
};

export const procedureCodes = {
  colonoscopy: snomed("73761001", "Colonoscopy"),
  totalColectomy: snomed("26390003", "Total colectomy"),
  cystoscopy: snomed("24139008", "Cystoscopy"),
  liverScan: snomed("45036003", "Ultrasonography of abdomen"),
  bronchoscopy: snomed("10847001", "Bronchoscopy"),
  lungBiopsy: snomed("78603008", "Biopsy of lung"),
};

export const referralCodes = {
  urology: snomed("306318004", "Referral to urologist"),
  hepatology: snomed("308476000", "Referral to gastroenterologist"),
  respiratory: snomed("306275005", "Referral to respiratory physician"),
};

/** What a radiologist says of a picture of the chest that may show cancer. */
export const suspicion = snomed("162573006", "Suspected lung cancer");
export const chestXray = snomed("399208008", "Chest X-ray");
export const chestCt = snomed("169069000", "CT of chest");

export const medicineCodes = {
  levothyroxine: snomed("126202002", "Levothyroxine"),
  meropenem: snomed("387540000", "Meropenem"),
  gentamicin: snomed("387321007", "Gentamicin"),
  heparin: snomed("372877000", "Heparin"),
  insulin: snomed("67866001", "Insulin"),
  levodopa: snomed("387086006", "Levodopa"),
  warfarin: snomed("372756006", "Warfarin"),
  paracetamol: snomed("387517004", "Paracetamol"),
};
